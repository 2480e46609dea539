package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a create sets, checks and refuses; generations. Confined to the test's thread. */
abstract class CreateTests extends ContractTests {

  CreateTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A2.1 uid, times and other fields of the server are set anew")
  void setsItsOwnFields() {
    Instant before = Instant.now().minusSeconds(5);
    Answer made =
        api.create(
            core("configmaps"),
            "{metadata:{name:'a',uid:'mine',generation:7,selfLink:'/x',"
                + "creationTimestamp:'2001-01-01T00:00:00Z',"
                + "deletionTimestamp:'2001-01-01T00:00:00Z',deletionGracePeriodSeconds:5}}");

    assertThat(made.uid())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(made.text("/metadata/creationTimestamp")).matches("[0-9-]{10}T[0-9:]{8}Z");
    assertThat(Instant.parse(made.text("/metadata/creationTimestamp"))).isAfter(before);
    assertThat(made.at("/metadata/deletionTimestamp").isMissingNode()).isTrue();
    assertThat(made.at("/metadata/deletionGracePeriodSeconds").isMissingNode()).isTrue();
    assertThat(made.at("/metadata/selfLink").isMissingNode()).isTrue();
    assertThat(made.text("/kind")).isEqualTo("ConfigMap");
    assertThat(made.text("/apiVersion")).isEqualTo("v1");
    assertThat(made.text("/metadata/namespace")).isEqualTo(ns);
  }

  @Test
  @DisplayName("A2.1 a resourceVersion in the body is refused")
  void refusesVersions() {
    Answer refusal = api.post(core("configmaps"), "{metadata:{name:'a',resourceVersion:'5'}}");
    assertThat(refusal.is(500).message())
        .isEqualTo("resourceVersion should not be set on objects to be created");
  }

  @Test
  @DisplayName(
      "A2.2, A18.3 generateName appends five of 27 symbols, and only when there is no name")
  void generatesNames() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      String name =
          api.create(core("configmaps"), "{metadata:{generateName:'gen-'}}").text("/metadata/name");
      assertThat(name).matches("gen-[bcdfghjklmnpqrstvwxz2456789]{5}");
      names.add(name);
    }
    assertThat(names).hasSize(30);
    assertThat(
            api.create(core("configmaps"), "{metadata:{name:'a',generateName:'gen-'}}")
                .text("/metadata/name"))
        .isEqualTo("a");
    assertThat(
            api.create(core("configmaps"), "{metadata:{generateName:'" + "x".repeat(70) + "'}}")
                .text("/metadata/name"))
        .hasSize(63)
        .startsWith("x".repeat(58));
  }

  @Test
  @DisplayName("A2.3, A7.5 a second object of the name is AlreadyExists, a nameless one invalid")
  void refusesDuplicatesAndNameless() {
    api.create(core("configmaps"), named("a"));
    Answer duplicate = api.post(core("configmaps"), named("a")).isRefusal(409, "AlreadyExists");
    assertThat(duplicate.message()).isEqualTo("configmaps \"a\" already exists");
    assertThat(duplicate.text("/details/name")).isEqualTo("a");
    api.create(in("apps/v1", "deployments"), deployment("d"));
    assertThat(api.post(in("apps/v1", "deployments"), deployment("d")).message())
        .isEqualTo("deployments.apps \"d\" already exists");

    Answer nameless = api.post(core("configmaps"), "{metadata:{}}").isRefusal(422, "Invalid");
    assertThat(nameless.message())
        .isEqualTo(
            "ConfigMap \"\" is invalid: metadata.name: Required value:"
                + " name or generateName is required");
  }

  @Test
  @DisplayName("A2.3 the name of a terminating object is taken, and the message says so")
  void saysThatTheOldOneIsBeingDeleted() {
    api.create(core("configmaps"), "{metadata:{name:'a',finalizers:['example.com/a']}}");
    api.delete(core("configmaps/a")).is(200);
    assertThat(api.post(core("configmaps"), named("a")).isRefusal(409, "AlreadyExists").message())
        .isEqualTo("object is being deleted: configmaps \"a\" already exists");
  }

  @Test
  @DisplayName("A2.1 malformed bodies are bad requests")
  void refusesMalformedBodies() {
    for (String body : List.of("{\"metadata\":", "[]", "5", "x: [", "{\"data\":{\"k\":5}}")) {
      api.raw("POST", core("configmaps"), body, "Content-Type", Api.JSON)
          .isRefusal(400, "BadRequest");
    }
    api.raw(
            "POST",
            core("configmaps"),
            "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
            "Content-Type",
            Api.JSON)
        .isRefusal(400, "BadRequest");
  }

  @Test
  @DisplayName("A2.1 unknown fields: a warning by default, an error if strict, silence on request")
  void treatsUnknownFieldsAsAsked() {
    String body = "{metadata:{name:'%s'},dat:{k:'v'}}";
    assertThat(api.create(core("configmaps"), body.formatted("a")).header("Warning"))
        .isEqualTo("299 - \"unknown field \\\"dat\\\"\"");
    Answer strict =
        api.post(core("configmaps?fieldValidation=Strict"), body.formatted("b"))
            .isRefusal(400, "BadRequest");
    assertThat(strict.message()).contains("strict decoding error: unknown field \"dat\"");
    assertThat(
            api.create(core("configmaps?fieldValidation=Ignore"), body.formatted("c"))
                .header("Warning"))
        .isEmpty();
    assertThat(api.get(core("configmaps/a")).at("/dat").isMissingNode()).isTrue();
  }

  @Test
  @DisplayName("A2.4 dryRun=All answers as usual and stores nothing")
  void dryRunsStoreNothing() {
    Answer dry = api.create(core("configmaps?dryRun=All"), named("a"));
    assertThat(dry.uid()).isNotEmpty();
    assertThat(dry.version()).isEmpty();
    api.get(core("configmaps/a")).isRefusal(404, "NotFound");
    api.create(core("configmaps"), named("a"));
    api.merge(core("configmaps/a?dryRun=All"), "{data:{k:'v'}}").is(200);
    api.delete(core("configmaps/a?dryRun=All")).is(200);
    assertThat(api.get(core("configmaps/a")).is(200).at("/data").isMissingNode()).isTrue();
    api.post(core("configmaps?dryRun=x"), named("b")).isRefusal(422, "Invalid");
    api.post(core("configmaps?fieldManager=" + "x".repeat(129)), named("b"))
        .isRefusal(422, "Invalid");
  }

  @Test
  @DisplayName("A3.1 the generation counts changes of what is wanted, and no others")
  void countsGenerations() {
    String path = in("apps/v1", "deployments/d");
    assertThat(generation(api.create(in("apps/v1", "deployments"), deployment("d")))).isEqualTo(1);
    assertThat(generation(api.merge(path, "{spec:{replicas:3}}"))).isEqualTo(2);
    assertThat(generation(api.merge(path, "{metadata:{labels:{a:'b'}}}"))).isEqualTo(2);
    assertThat(generation(api.merge(path, "{metadata:{annotations:{a:'b'}}}"))).isEqualTo(3);
    assertThat(generation(api.merge(path + "/status", "{status:{replicas:3}}"))).isEqualTo(3);
    assertThat(generation(api.merge(path, "{spec:{replicas:3}}"))).isEqualTo(3);
    assertThat(
            api.merge(path + "/scale", "{spec:{replicas:4}}").is(200).at("/spec/replicas").asInt())
        .isEqualTo(4);
    assertThat(generation(api.get(path))).isEqualTo(4);
  }

  private static int generation(Answer answer) {
    return answer.is(answer.code() == 201 ? 201 : 200).at("/metadata/generation").asInt();
  }

  @Test
  @DisplayName(
      "A3.1, A3.2 pods, jobs, slices and budgets have generations; maps, services and nodes none")
  void knowsWhichKindsHaveGenerations() {
    assertThat(generation(api.create(core("pods"), pod("p")))).isEqualTo(1);
    assertThat(
            generation(
                api.create(
                    in("policy/v1", "poddisruptionbudgets"),
                    "{metadata:{name:'p'},spec:{minAvailable:1}}")))
        .isEqualTo(1);
    String slice = "{metadata:{name:'s'},addressType:'IPv4',endpoints:[],ports:[]}";
    String slices = in("discovery.k8s.io/v1", "endpointslices");
    assertThat(generation(api.create(slices, slice))).isEqualTo(1);
    assertThat(generation(api.merge(slices + "/s", "{endpoints:[{addresses:['10.1.2.3']}]}")))
        .isEqualTo(2);
    assertThat(generation(api.merge(slices + "/s", "{metadata:{labels:{a:'b'}}}"))).isEqualTo(3);
    for (String kind : List.of("configmaps", "secrets", "endpoints")) {
      assertThat(api.create(core(kind), named("x")).at("/metadata/generation").isMissingNode())
          .as(kind)
          .isTrue();
    }
  }

  @Test
  @DisplayName("A3.3 a deletion that begins counts as a change")
  void countsTheBeginningOfADeletion() {
    String path = in("apps/v1", "deployments/d");
    api.create(in("apps/v1", "deployments"), deployment("d"));
    api.merge(path, "{metadata:{finalizers:['example.com/a']}}").is(200);
    assertThat(generation(api.delete(path))).isEqualTo(2);
  }

  @Test
  @DisplayName("A2.4 the name of a field manager is short and printable")
  void limitsFieldManagers() {
    String path = core("configmaps?fieldManager=");
    api.create(path + "x".repeat(128), named("a"));
    Answer refusal = api.post(path + "x".repeat(129), named("b")).isRefusal(422, "Invalid");
    assertThat(refusal.text("/details/causes/0/field")).isEqualTo("fieldManager");
    api.post(path + "a%07b", named("b")).isRefusal(422, "Invalid");
  }
}
