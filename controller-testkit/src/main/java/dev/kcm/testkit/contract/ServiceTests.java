package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Addresses and ports of services. Confined to the test's thread. */
abstract class ServiceTests extends ContractTests {

  ServiceTests(ApiServerContract contract) {
    super(contract);
  }

  private Answer service(String name, String spec) {
    return api.post(core("services"), "{metadata:{name:'" + name + "'},spec:{" + spec + "}}");
  }

  @Test
  @DisplayName("A13.1, A12.7, A18.11 a service gets an address and the defaults of its type")
  void givesAddresses() {
    Answer made = service("s", "ports:[{port:80}]").is(201);
    String address = made.text("/spec/clusterIP");
    assertThat(address).matches("[0-9.]+");
    assertThat(Api.strings(made.at("/spec/clusterIPs"))).containsExactly(address);
    assertThat(made.text("/spec/type")).isEqualTo("ClusterIP");
    assertThat(made.text("/spec/sessionAffinity")).isEqualTo("None");
    assertThat(made.text("/spec/internalTrafficPolicy")).isEqualTo("Cluster");
    assertThat(made.text("/spec/ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(Api.strings(made.at("/spec/ipFamilies"))).containsExactly("IPv4");
    assertThat(made.at("/spec/ports/0"))
        .isEqualTo(Json.read("{port:80,protocol:'TCP',targetPort:80}"));
    assertThat(service("t", "ports:[{port:80}]").text("/spec/clusterIP")).isNotEqualTo(address);
  }

  @Test
  @DisplayName("A13.1 an address is given once, and is free again after the deletion")
  void reservesAddresses() {
    String address = service("s", "ports:[{port:80}]").is(201).text("/spec/clusterIP");
    String same = "clusterIP:'" + address + "',ports:[{port:80}]";
    assertThat(service("t", same).isRefusal(422, "Invalid").message())
        .contains("spec.clusterIPs")
        .contains("provided IP is already allocated");
    service("u", "clusterIP:'192.0.2.77',ports:[{port:80}]").isRefusal(422, "Invalid");
    api.delete(core("services/s")).is(200);
    assertThat(service("t", same).is(201).text("/spec/clusterIP")).isEqualTo(address);
  }

  @Test
  @DisplayName("A13.2 headless and external services get no address")
  void leavesSomeWithoutAddress() {
    Answer headless = service("s", "clusterIP:'None',ports:[{port:80}]").is(201);
    assertThat(headless.text("/spec/clusterIP")).isEqualTo("None");
    assertThat(Api.strings(headless.at("/spec/clusterIPs"))).containsExactly("None");
    Answer external = service("e", "type:'ExternalName',externalName:'example.com'").is(201);
    assertThat(external.text("/spec/clusterIP")).isEmpty();
  }

  @Test
  @DisplayName("A13.3 the address stays, whatever a write says")
  void keepsAddresses() {
    Answer made = service("s", "ports:[{port:80}]").is(201);
    Answer put =
        api.put(core("services/s"), "{metadata:{name:'s'},spec:{ports:[{port:81}]}}").is(200);
    assertThat(put.text("/spec/clusterIP")).isEqualTo(made.text("/spec/clusterIP"));
    api.merge(core("services/s"), "{spec:{clusterIP:'10.1.1.1',clusterIPs:['10.1.1.1']}}")
        .isRefusal(422, "Invalid");
  }

  @Test
  @DisplayName("A13.4 node ports come from 30000 to 32767, once each")
  void givesNodePorts() {
    Answer made = service("s", "type:'NodePort',ports:[{port:80}]").is(201);
    int port = made.at("/spec/ports/0/nodePort").asInt();
    assertThat(port).isBetween(30_000, 32_767);
    assertThat(made.text("/spec/externalTrafficPolicy")).isEqualTo("Cluster");
    assertThat(
            service("t", "type:'NodePort',ports:[{port:80,nodePort:" + port + "}]")
                .isRefusal(422, "Invalid")
                .message())
        .contains("provided port is already allocated");
    service("u", "type:'NodePort',ports:[{port:80,nodePort:80}]").isRefusal(422, "Invalid");
    Answer balancer = service("l", "type:'LoadBalancer',ports:[{port:80}]").is(201);
    assertThat(balancer.at("/spec/ports/0/nodePort").asInt()).isBetween(30_000, 32_767);
    assertThat(balancer.at("/spec/allocateLoadBalancerNodePorts").asBoolean()).isTrue();
    Answer back = api.merge(core("services/s"), "{spec:{type:'ClusterIP'}}").is(200);
    assertThat(back.at("/spec/ports/0/nodePort").isMissingNode()).isTrue();
    service("t", "type:'NodePort',ports:[{port:80,nodePort:" + port + "}]").is(201);
  }

  @Test
  @DisplayName("A13.5 a local balancer gets a port for health checks")
  void givesHealthCheckPorts() {
    Answer made =
        service("s", "type:'LoadBalancer',externalTrafficPolicy:'Local',ports:[{port:80}]").is(201);
    assertThat(made.at("/spec/healthCheckNodePort").asInt()).isBetween(30_000, 32_767);
  }

  @Test
  @DisplayName("A13.7 the service kubernetes leads to the server itself")
  void servesItself() {
    Answer own = api.get("/api/v1/namespaces/default/services/kubernetes").is(200);
    assertThat(own.at("/metadata/labels"))
        .isEqualTo(Json.read("{component:'apiserver',provider:'kubernetes'}"));
    assertThat(own.at("/spec/ports/0/port").asInt()).isEqualTo(443);
    assertThat(own.text("/spec/ports/0/name")).isEqualTo("https");
    assertThat(own.at("/spec/selector").isMissingNode()).isTrue();
    Answer slice =
        api.get(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
                + "?labelSelector=kubernetes.io/service-name%3Dkubernetes");
    assertThat(slice.names()).contains("kubernetes");
    assertThat(slice.at("/items/0/ports/0/name").asText()).isEqualTo("https");
    api.get("/api/v1/namespaces/default/endpoints/kubernetes").is(200);
  }

  @Test
  @DisplayName("A12.7 affinity, balancers and their addresses have defaults of their own")
  void completesServices() {
    Answer sticky = service("s", "sessionAffinity:'ClientIP',ports:[{port:80}]").is(201);
    assertThat(sticky.at("/spec/sessionAffinityConfig/clientIP/timeoutSeconds").asInt())
        .isEqualTo(10_800);
    Answer balancer = service("b", "type:'LoadBalancer',ports:[{port:80}]").is(201);
    assertThat(balancer.text("/spec/externalTrafficPolicy")).isEqualTo("Cluster");
    Answer shown =
        api.merge(
            core("services/b/status"), "{status:{loadBalancer:{ingress:[{ip:'192.0.2.1'}]}}}");
    assertThat(shown.is(200).text("/status/loadBalancer/ingress/0/ipMode")).isEqualTo("VIP");
  }

  @Test
  @DisplayName("A13.6 the range and the first address in it are objects of their own")
  void showsAddressesAsObjects() {
    String own = api.get("/api/v1/namespaces/default/services/kubernetes").text("/spec/clusterIP");
    Answer address = api.get("/apis/networking.k8s.io/v1/ipaddresses/" + own).is(200);
    assertThat(address.at("/metadata/labels"))
        .isEqualTo(
            Json.read(
                "{'ipaddress.kubernetes.io/ip-family':'IPv4',"
                    + "'ipaddress.kubernetes.io/managed-by':'ipallocator.k8s.io'}"));
    assertThat(address.at("/spec/parentRef"))
        .isEqualTo(Json.read("{resource:'services',namespace:'default',name:'kubernetes'}"));
    Answer range = api.get("/apis/networking.k8s.io/v1/servicecidrs/kubernetes").is(200);
    assertThat(range.at("/spec/cidrs").isEmpty()).isFalse();
  }
}
