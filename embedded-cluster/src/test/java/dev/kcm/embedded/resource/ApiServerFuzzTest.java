package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends mutilated objects and parameters: whatever comes in, the server answers 2xx or 4xx. */
@DisplayName("Malformed input ends in a 4xx")
class ApiServerFuzzTest {

  private static final int REQUESTS = 2000;
  private static final int ROUND = 250;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Answers above 499 that the original gives too. */
  private static final List<String> AS_ORIGINAL =
      List.of("resourceVersion should not be set on objects to be created");

  private static final String POD_SPEC =
      "{nodeName:'n',containers:[{name:'c',image:'i',ports:[{containerPort:80}],env:[{name:'e',"
          + "valueFrom:{fieldRef:{fieldPath:'metadata.name'}}}],resources:{limits:{cpu:'1'}}}],"
          + "volumes:[{name:'v',configMap:{name:'m'}}],tolerations:[{key:'k'}]}";
  private static final String TEMPLATE = "{metadata:{labels:{a:'b'}},spec:" + POD_SPEC + "}";
  private static final String META =
      "metadata:{name:'x',labels:{a:'b'},annotations:{k:'v'},finalizers:['x/y'],"
          + "ownerReferences:[{apiVersion:'v1',kind:'K',name:'n',uid:'u'}]}";

  private static final Map<String, String> SEEDS =
      Map.ofEntries(
          Map.entry("/api/v1/namespaces/default/pods", "{" + META + ",spec:" + POD_SPEC + "}"),
          Map.entry(
              "/apis/apps/v1/namespaces/default/deployments",
              "{"
                  + META
                  + ",spec:{selector:{matchLabels:{a:'b'},matchExpressions:[{key:'a',"
                  + "operator:'In',values:['b']}]},template:"
                  + TEMPLATE
                  + "}}"),
          Map.entry(
              "/api/v1/namespaces/default/replicationcontrollers",
              "{" + META + ",spec:{selector:{a:'b'},template:" + TEMPLATE + "}}"),
          Map.entry(
              "/apis/apps/v1/namespaces/default/statefulsets",
              "{"
                  + META
                  + ",spec:{selector:{matchLabels:{a:'b'}},volumeClaimTemplates:[{metadata:"
                  + "{name:'v'},spec:{}}],template:"
                  + TEMPLATE
                  + "}}"),
          Map.entry(
              "/apis/batch/v1/namespaces/default/jobs",
              "{" + META + ",spec:{completions:1,template:" + TEMPLATE + "}}"),
          Map.entry(
              "/apis/batch/v1/namespaces/default/cronjobs",
              "{"
                  + META
                  + ",spec:{schedule:'* * * * *',jobTemplate:{spec:{template:"
                  + TEMPLATE
                  + "}}}}"),
          Map.entry(
              "/api/v1/namespaces/default/services",
              "{"
                  + META
                  + ",spec:{type:'NodePort',ports:[{port:80,nodePort:30001}],clusterIP:'10.96.0.9'}}"),
          Map.entry(
              "/api/v1/namespaces/default/secrets",
              "{" + META + ",data:{k:'Zm9v'},stringData:{s:'t'}}"),
          Map.entry(
              "/api/v1/nodes",
              "{"
                  + META
                  + ",spec:{podCIDR:'10.0.0.0/24',taints:[{key:'k',effect:'NoSchedule'}]},status:{capacity:{cpu:'1'}}}"),
          Map.entry("/api/v1/namespaces", "{" + META + ",spec:{finalizers:['kubernetes']}}"),
          Map.entry(
              "/api/v1/namespaces/default/events",
              "{metadata:{name:'x'},involvedObject:{namespace:'default'},eventTime:'2026-01-01T00:00:00.000000Z',series:{count:2}}"),
          Map.entry(
              "/apis/coordination.k8s.io/v1/namespaces/default/leases",
              "{"
                  + META
                  + ",spec:{holderIdentity:'h',leaseDurationSeconds:5,renewTime:'2026-01-01T00:00:00.000000Z'}}"),
          Map.entry(
              "/apis/certificates.k8s.io/v1/certificatesigningrequests",
              "{"
                  + META
                  + ",spec:{request:'Zm9v',signerName:'a.b/c',usages:['u']},status:{conditions:[{type:'Approved'}]}}"),
          Map.entry(
              "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
              "{"
                  + META
                  + ",spec:{maxReplicas:2,targetCPUUtilizationPercentage:5,scaleTargetRef:{kind:'K',name:'n'}}}"),
          Map.entry(
              "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
              "{"
                  + META
                  + ",spec:{minAvailable:1,selector:{matchLabels:{a:'b'}}},status:{disruptionsAllowed:1}}"));

  private static final List<String> SUBRESOURCES =
      List.of("", "", "", "/status", "/scale", "/finalize", "/approval", "/binding", "/eviction");
  private static final List<String> METHODS =
      List.of("POST", "PUT", "PATCH", "DELETE", "GET", "WATCH");
  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "continue",
          "resourceVersion",
          "resourceVersionMatch",
          "labelSelector",
          "fieldSelector",
          "timeoutSeconds",
          "sendInitialEvents",
          "allowWatchBookmarks",
          "dryRun",
          "fieldManager",
          "fieldValidation",
          "propagationPolicy",
          "gracePeriodSeconds",
          "orphanDependents",
          "force");
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "x",
          "101",
          "99999999999999999999",
          "true",
          "All",
          "Exact",
          "NotOlderThan",
          "Strict",
          "Orphan",
          "a%3Db",
          "a+in+%28b%29",
          "%28",
          "e30",
          "eyJydiI6MX0",
          "metadata.name%3Dx",
          "bnVsbA",
          "%2F%2F");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void neverAnswersWith5xx(long seed) throws Exception {
    Random random = new Random(seed);
    try (Cluster cluster = new Cluster()) {
      List<String> paths = new ArrayList<>(SEEDS.keySet());
      paths.sort(null);
      int accepted = 0;
      for (int i = 0; i < REQUESTS; i++) {
        String path = paths.get(random.nextInt(paths.size()));
        JsonNode body = mutilate(Cluster.json(SEEDS.get(path)), random);
        accepted += send(cluster, path, body, random, seed, i) ? 1 : 0;
        if (i % ROUND == ROUND - 1) {
          checkStore(cluster.server, "seed " + seed + " after request " + i);
        }
      }
      // Most damage must be survivable, or the deeper rules are never reached.
      assertThat(accepted).as("seed %d accepted", seed).isGreaterThan(REQUESTS / 8);
    }
  }

  /** What holds for whatever is stored, however it came there. */
  private static void checkStore(ApiServer server, String when) {
    Set<String> uids = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (Kind kind : server.kinds().all()) {
      if (kind.has(Kind.Trait.VIRTUAL) || !seen.add(Versions.sharedResource(kind))) {
        continue;
      }
      for (JsonNode object : server.storedAll(kind, "")) {
        String what = when + ": " + object;
        checkObject(server, kind, object, what);
        assertThat(uids.add(Meta.uid(object))).as(what).isTrue();
        String address = object.path("spec").path("clusterIP").asText("");
        boolean free = !address.matches("[0-9.]+") || addresses.add(address);
        assertThat(free).as(what).isTrue();
      }
    }
  }

  private static void checkObject(ApiServer server, Kind kind, JsonNode object, String what) {
    assertThat(object.path("kind").asText()).as(what).isEqualTo(kind.kind());
    assertThat(Meta.name(object)).as(what).isNotEmpty();
    assertThat(Meta.uid(object)).as(what).isNotEmpty();
    assertThat(Meta.text(object, "creationTimestamp")).as(what).isNotEmpty();
    assertThat(Meta.namespace(object).isEmpty()).as(what).isEqualTo(!kind.namespaced());
    assertThat(Long.parseLong(Meta.resourceVersion(object)))
        .as(what)
        .isBetween(1L, server.revision());
    if (kind.has(Kind.Trait.GENERATION)) {
      assertThat(Meta.generation(object)).as(what).isPositive();
    }
    boolean held =
        !Meta.finalizers(object).isEmpty()
            || !object.path("spec").path("finalizers").isEmpty()
            || object.path("metadata").path("deletionGracePeriodSeconds").asLong() > 0;
    assertThat(held || !Meta.isDeleting(object)).as(what).isTrue();
    assertThat(server.stored(kind, Meta.namespace(object), Meta.name(object)))
        .as(what)
        .contains(object);
  }

  /** Whether the request was accepted. */
  private static boolean send(
      Cluster cluster, String path, JsonNode body, Random random, long seed, int number)
      throws Exception {
    String method = pick(METHODS, random);
    boolean named = !method.equals("POST") || random.nextInt(4) == 0;
    String url = path + (named && !method.equals("WATCH") ? "/x" + pick(SUBRESOURCES, random) : "");
    url += parameters(random);
    String type =
        method.equals("PATCH")
            ? pick(
                List.of(
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json",
                    "application/json-patch+json",
                    "application/apply-patch+yaml",
                    "text/plain"),
                random)
            : "application/json";
    JsonNode sent = random.nextInt(30) == 0 ? null : body;
    ApiRequest request = Cluster.request(method, url, method.equals("GET") ? null : sent, type);
    String what = "seed " + seed + " request " + number + ": " + method + " " + url + " " + sent;
    try {
      if (request.verb() == ApiRequest.Verb.WATCH) {
        cluster.server.watch(request, new Cluster.Recorder()).close();
      } else {
        cluster.server.handle(request);
      }
      return true;
    } catch (StatusException e) {
      boolean known =
          AS_ORIGINAL.contains(e.getMessage()) || e.getMessage().contains("Too large resource");
      assertThat(known || (e.code() >= 400 && e.code() < 500))
          .as("%s -> %s", what, e.status())
          .isTrue();
      return false;
    }
  }

  private static String parameters(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6) - 2; i > 0; i--) {
      text.append(text.isEmpty() ? "?" : "&")
          .append(pick(PARAMETERS, random))
          .append('=')
          .append(pick(VALUES, random));
    }
    return text.toString();
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  /** Replaces, removes or adds something somewhere, up to three times. */
  private static JsonNode mutilate(JsonNode seed, Random random) {
    JsonNode tree = seed.deepCopy();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<JsonNode> containers = new ArrayList<>();
      collect(tree, containers);
      damage(pick(containers, random), random);
    }
    return random.nextInt(40) == 0 ? junk(random) : tree;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static void damage(JsonNode container, Random random) {
    if (container instanceof ArrayNode array) {
      if (!array.isEmpty() && random.nextBoolean()) {
        array.set(random.nextInt(array.size()), junk(random));
      } else {
        array.add(junk(random));
      }
      return;
    }
    ObjectNode object = (ObjectNode) container;
    List<String> fields = new ArrayList<>();
    object.fieldNames().forEachRemaining(fields::add);
    if (fields.isEmpty() || random.nextInt(5) == 0) {
      object.set(pick(List.of("status", "spec", "metadata", "x", ""), random), junk(random));
    } else if (random.nextInt(3) == 0) {
      object.remove(pick(fields, random));
    } else {
      object.set(pick(fields, random), junk(random));
    }
  }

  private static JsonNode junk(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.numberNode(-1);
      case 2 -> JSON.numberNode(1.5);
      case 3 -> JSON.numberNode(Long.MAX_VALUE);
      case 4 -> JSON.textNode("");
      case 5 -> JSON.textNode("Not A Name");
      case 6 -> JSON.textNode("2026-11-20T10:00:00Z");
      case 7 -> JSON.booleanNode(true);
      case 8 -> JSON.arrayNode();
      case 9 -> JSON.arrayNode().add(JSON.nullNode()).add(1);
      case 10 -> JSON.objectNode();
      case 11 -> JSON.objectNode().set("a", JSON.objectNode());
      case 12 -> JSON.textNode("é".repeat(300));
      default -> JSON.numberNode(new java.math.BigInteger("9".repeat(30)));
    };
  }
}
