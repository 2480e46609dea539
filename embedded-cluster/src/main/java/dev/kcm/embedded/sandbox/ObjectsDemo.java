package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Namespaces, services and finished pods: steps H3, H4, H6 and H7. */
final class ObjectsDemo {

  private static final String NAMESPACES = "/api/v1/namespaces";
  private static final String SHOP = NAMESPACES + "/shop";
  private static final String TILL = NAMESPACES + "/default/services/till";
  private static final String ENDPOINTS = NAMESPACES + "/default/endpoints/till";
  private static final String DONE = NAMESPACES + "/done/pods";
  private static final int FINISHED = 14;
  private static final int THRESHOLD = 10;

  private static final Duration PROMPT = Duration.ofSeconds(10);
  private static final Duration EMPTIED = Duration.ofSeconds(60);
  private static final Duration COLLECTED = Duration.ofSeconds(60);

  private final Protocol protocol;
  private final Kube kube;

  ObjectsDemo(Protocol protocol, Kube kube) {
    this.protocol = protocol;
    this.kube = kube;
  }

  /** Makes a namespace with content, deletes it, and leaves finished pods lying about. */
  void begin() throws IOException, InterruptedException {
    protocol.step("H3", "A namespace is deleted, 14 pods finish: to be continued");
    kube.create(NAMESPACES, Trees.of("{'metadata':{'name':'shop'}}")).ok();
    for (String kind : List.of("configmaps", "secrets")) {
      kube.create(SHOP + "/" + kind, Trees.of("{'metadata':{'name':'stock'}}")).ok();
    }
    kube.create(SHOP + "/pods", pod("till", "default-scheduler")).ok();
    kube.create(SHOP + "/services", service("till", "ClusterIP")).ok();
    Waiting.Seen<String> running =
        Waiting.until(PROMPT, () -> phase(SHOP + "/pods/till"), "Running"::equals);
    protocol.equal("its pod", "Running", running.value());
    protocol.did("kubectl delete namespace shop --wait=false");
    kube.delete(SHOP).ok();
    protocol.equal("its phase", "Terminating", phase(SHOP));

    kube.create(NAMESPACES, Trees.of("{'metadata':{'name':'done'}}")).ok();
    for (int i = 1; i <= FINISHED; i++) {
      String name = "job-%02d".formatted(i);
      kube.create(DONE, pod(name, "nobody")).ok();
      kube.merge(DONE + "/" + name + "/status", Trees.of("{'status':{'phase':'Succeeded'}}")).ok();
    }
  }

  void run() throws IOException, InterruptedException {
    endpointsFollowReadiness();
    loadBalancersAreNotTouched();
    theNamespaceIsGone();
    theOldestFinishedPodsAreGone();
  }

  private void endpointsFollowReadiness() throws IOException, InterruptedException {
    protocol.step("H4", "Endpoints follow the readiness of pods, and go with their Service");
    kube.create(NAMESPACES + "/default/services", service("till", "ClusterIP")).ok();
    protocol.check("endpoints", "0 ready, 0 not", awaitEndpoints(0, 0).value(), true);
    protocol.did("kubectl run till --labels=app=till --image=nginx");
    kube.create(NAMESPACES + "/default/pods", pod("till", "default-scheduler")).ok();
    protocol.equal("endpoints", List.of(1, 0), awaitEndpoints(1, 0).value());
    protocol.did("the pod stops being ready");
    setReady("False");
    protocol.equal("endpoints", List.of(0, 1), awaitEndpoints(0, 1).value());
    protocol.did("the pod is ready again");
    setReady("True");
    Waiting.Seen<List<Integer>> back = awaitEndpoints(1, 0);
    protocol.equal("endpoints", List.of(1, 0), back.value());
    protocol.within("its address is back", Duration.ofSeconds(2), back);
    protocol.did("kubectl delete service till");
    kube.delete(TILL).ok();
    Waiting.Seen<Integer> code =
        Waiting.until(PROMPT, () -> kube.get(ENDPOINTS).code(), found -> found == 404);
    protocol.equal("endpoints", 404, code.value());
    kube.delete(NAMESPACES + "/default/pods/till").ok();
  }

  private void setReady(String status) throws IOException, InterruptedException {
    kube.merge(
            NAMESPACES + "/default/pods/till/status",
            Trees.of(
                "{'status':{'conditions':[{'type':'Ready','status':'%s',".formatted(status)
                    + "'lastTransitionTime':'2026-01-01T00:00:00Z'}]}}"))
        .ok();
  }

  private Waiting.Seen<List<Integer>> awaitEndpoints(int ready, int notReady)
      throws IOException, InterruptedException {
    return Waiting.until(PROMPT, this::endpoints, List.of(ready, notReady)::equals);
  }

  private List<Integer> endpoints() throws IOException, InterruptedException {
    int ready = 0;
    int notReady = 0;
    for (JsonNode subset : kube.get(ENDPOINTS).body().path("subsets")) {
      ready += subset.path("addresses").size();
      notReady += subset.path("notReadyAddresses").size();
    }
    return List.of(ready, notReady);
  }

  private void loadBalancersAreNotTouched() throws IOException, InterruptedException {
    protocol.step("H6", "A Service of type LoadBalancer is left to a cloud's own manager");
    kube.create(NAMESPACES + "/default/services", service("door", "LoadBalancer")).ok();
    String path = NAMESPACES + "/default/endpoints/door";
    Waiting.Seen<Integer> seen =
        Waiting.until(PROMPT, () -> kube.get(path).code(), code -> code == 200);
    protocol.equal("endpoints", 200, seen.value());
    JsonNode service = kube.get(NAMESPACES + "/default/services/door").ok();
    protocol.equal("status.loadBalancer", "{}", service.at("/status/loadBalancer").toString());
    protocol.equal("finalizers", 0, service.at("/metadata/finalizers").size());
    kube.delete(NAMESPACES + "/default/services/door").ok();
  }

  private void theNamespaceIsGone() throws IOException, InterruptedException {
    protocol.step("H3", "The namespace is gone, with all that was in it");
    Waiting.Seen<Integer> gone =
        Waiting.until(EMPTIED, () -> kube.get(SHOP).code(), code -> code == 404);
    protocol.equal("kubectl get namespace shop", 404, gone.value());
    int left = 0;
    for (String kind : List.of("pods", "configmaps", "secrets", "services", "endpoints")) {
      left += kube.get(SHOP + "/" + kind).ok().path("items").size();
    }
    protocol.equal("objects left in it", 0, left);
  }

  private void theOldestFinishedPodsAreGone() throws IOException, InterruptedException {
    protocol.step("H7", "Of more than 10 finished pods the oldest are deleted, every 20 s");
    Waiting.Seen<List<String>> left =
        Waiting.until(COLLECTED, this::finished, names -> names.size() <= THRESHOLD);
    List<String> expected = new ArrayList<>();
    for (int i = FINISHED - THRESHOLD + 1; i <= FINISHED; i++) {
      expected.add("job-%02d".formatted(i));
    }
    protocol.equal("pods left", expected, left.value());
  }

  private List<String> finished() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    kube.get(DONE).ok().path("items").forEach(pod -> names.add(Trees.name(pod)));
    return names;
  }

  private String phase(String path) throws IOException, InterruptedException {
    return kube.get(path).body().path("status").path("phase").asText();
  }

  private static JsonNode pod(String name, String scheduler) {
    return Trees.of(
        "{'metadata':{'name':'%s','labels':{'app':'%s'}},'spec':{'schedulerName':'%s',"
                .formatted(name, name, scheduler)
            + "'terminationGracePeriodSeconds':1,"
            + "'containers':[{'name':'c','image':'nginx','ports':[{'containerPort':80}]}]}}");
  }

  private static JsonNode service(String name, String type) {
    return Trees.of(
        "{'metadata':{'name':'%s'},'spec':{'type':'%s','selector':{'app':'%s'},"
                .formatted(name, type, name)
            + "'ports':[{'port':80}]}}");
  }
}
