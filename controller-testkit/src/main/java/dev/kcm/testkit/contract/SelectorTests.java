package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Label and field selectors. Confined to the test's thread. */
abstract class SelectorTests extends ContractTests {

  SelectorTests(ApiServerContract contract) {
    super(contract);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer byLabel(String selector) {
    return api.get(core("secrets?labelSelector=" + encoded(selector)));
  }

  @Test
  @DisplayName("A10.1 the grammar of label selectors")
  void selectsByLabel() {
    api.create(core("secrets"), "{metadata:{name:'a',labels:{k:'v',n:'5'}}}");
    api.create(core("secrets"), "{metadata:{name:'b',labels:{k:'',n:'15'}}}");
    api.create(core("secrets"), "{metadata:{name:'c',labels:{k:'w','example.com/x':'in'}}}");
    api.create(core("secrets"), "{metadata:{name:'d'}}");
    Map<String, List<String>> cases = new LinkedHashMap<>();
    cases.put("", List.of("a", "b", "c", "d"));
    cases.put("k", List.of("a", "b", "c"));
    cases.put("!k", List.of("d"));
    cases.put("k=v", List.of("a"));
    cases.put("k==v", List.of("a"));
    cases.put("k!=v", List.of("b", "c", "d"));
    cases.put("k=", List.of("b"));
    cases.put("k in (v,w)", List.of("a", "c"));
    cases.put("k in ()", List.of("b"));
    cases.put("k in (v,,w)", List.of("a", "b", "c"));
    cases.put("k notin (v,w)", List.of("b", "d"));
    cases.put("n>5", List.of("b"));
    cases.put("n<15", List.of("a"));
    cases.put("example.com/x=in", List.of("c"));
    cases.put(" k  in\t( v , w ) , n ", List.of("a"));
    cases.put("k,n,k!=v", List.of("b"));
    cases.forEach(
        (selector, names) ->
            assertThat(byLabel(selector).is(200).names()).as(selector).isEqualTo(names));
  }

  @Test
  @DisplayName("A10.1 label selectors that are none are bad requests")
  void refusesBrokenLabelSelectors() {
    for (String selector :
        List.of("k=v=w", "k in v", "k in (v", "=v", "k>x", "a/b/c", "k v", "!", "-a=b", "k=a b")) {
      assertThat(byLabel(selector).isRefusal(400, "BadRequest").message())
          .as(selector)
          .containsAnyOf("unable to parse requirement: ", "', expected: ");
    }
  }

  @Test
  @DisplayName("A10.2 the grammar of field selectors")
  void selectsByField() {
    api.create(core("secrets"), "{metadata:{name:'a'},type:'example.com/t'}");
    api.create(core("secrets"), "{metadata:{name:'b'}}");
    Map<String, List<String>> cases = new LinkedHashMap<>();
    cases.put("", List.of("a", "b"));
    cases.put("metadata.name=a", List.of("a"));
    cases.put("metadata.name==a", List.of("a"));
    cases.put("metadata.name!=a", List.of("b"));
    cases.put("metadata.namespace=" + ns, List.of("a", "b"));
    cases.put("type=example.com/t", List.of("a"));
    cases.put("type!=example.com/t,metadata.name=b", List.of("b"));
    cases.forEach(
        (selector, names) ->
            assertThat(api.get(core("secrets?fieldSelector=" + encoded(selector))).is(200).names())
                .as(selector)
                .isEqualTo(names));
    assertThat(
            api.get(core("secrets?fieldSelector=" + encoded("a=b=c")))
                .isRefusal(400, "BadRequest")
                .message())
        .contains("invalid field selector");
  }

  @Test
  @DisplayName("A10.2, A10.3 fields that cannot be selected by are bad requests")
  void refusesUnknownFields() {
    assertThat(
            api.get(core("pods?fieldSelector=spec.x%3D1")).isRefusal(400, "BadRequest").message())
        .contains("field label not supported: spec.x");
    assertThat(
            api.get(core("configmaps?fieldSelector=data.x%3D1"))
                .isRefusal(400, "BadRequest")
                .message())
        .contains(
            "\"data.x\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
  }

  @Test
  @DisplayName("A10.3, A10.4 pods by node, phase, restart policy and others")
  void selectsPods() {
    api.create(core("pods"), pod("p"));
    api.create(core("pods"), pod("q"));
    run("q");
    Map<String, List<String>> cases = new LinkedHashMap<>();
    cases.put("spec.nodeName=", List.of("p"));
    cases.put("spec.nodeName=node-x", List.of("q"));
    cases.put("spec.nodeName!=node-x", List.of("p"));
    cases.put("status.phase=Pending", List.of("p"));
    cases.put("status.phase!=Failed,status.phase!=Pending", List.of("q"));
    cases.put("spec.restartPolicy=Always", List.of("p", "q"));
    cases.put("spec.schedulerName=contract,spec.hostNetwork=false", List.of("p", "q"));
    cases.put("spec.serviceAccountName=nobody", List.of());
    cases.put("status.podIP=", List.of("p", "q"));
    cases.put("status.nominatedNodeName=", List.of("p", "q"));
    cases.forEach(
        (selector, names) ->
            assertThat(api.get(core("pods?fieldSelector=" + encoded(selector))).is(200).names())
                .as(selector)
                .isEqualTo(names));
  }

  @Test
  @DisplayName("A10.3 namespaces, nodes, services, jobs, requests and events by their fields")
  void selectsOthers() {
    for (String path :
        List.of(
            "/api/v1/namespaces?fieldSelector=status.phase%3DActive",
            "/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse",
            core("services?fieldSelector=spec.clusterIP%3DNone,spec.type%3DClusterIP"),
            core("replicationcontrollers?fieldSelector=status.replicas%3D0"),
            in("batch/v1", "jobs?fieldSelector=status.successful%3D0"),
            core("events?fieldSelector=involvedObject.name%3Dx,involvedObject.uid%3Du,reason%3Dr"),
            core("events?fieldSelector=source%3Dx,type%3DNormal,reportingComponent%3Dy"),
            in("events.k8s.io/v1", "events?fieldSelector=regarding.name%3Dx"),
            "/apis/certificates.k8s.io/v1/certificatesigningrequests?fieldSelector=spec.signerName%3Dx")) {
      api.get(path).is(200);
    }
    assertThat(
            api.get(
                    "/api/v1/namespaces?fieldSelector=metadata.name%3D"
                        + ns
                        + ",status.phase%3DActive")
                .names())
        .containsExactly(ns);
  }

  @Test
  @DisplayName("A10.4 secrets by type, one map by its name, events by their object")
  void selectsWhatControllersSelect() {
    api.create(core("secrets"), "{metadata:{name:'a'},type:'example.com/x'}");
    api.create(core("secrets"), named("b"));
    assertThat(api.get(core("secrets?fieldSelector=type%3Dexample.com%2Fx")).names())
        .containsExactly("a");
    assertThat(api.get(core("secrets?fieldSelector=type%3DOpaque")).names()).containsExactly("b");
    assertThat(
            api.get(
                    "/api/v1/namespaces/kube-system/configmaps?fieldSelector="
                        + "metadata.name%3Dextension-apiserver-authentication")
                .names())
        .containsExactly("extension-apiserver-authentication");
    for (String object : List.of("x", "y")) {
      api.create(
          core("events"),
          "{metadata:{name:'"
              + object
              + "'},involvedObject:{kind:'Pod',namespace:'"
              + ns
              + "',name:'"
              + object
              + "'},type:'Normal'}");
    }
    assertThat(api.get(core("events?fieldSelector=involvedObject.name%3Dy")).names())
        .containsExactly("y");
    assertThat(api.get(in("events.k8s.io/v1", "events?fieldSelector=regarding.name%3Dx")).names())
        .containsExactly("x");
  }
}
