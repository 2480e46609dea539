package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Server-side apply and who owns which field. Confined to the test's thread. */
abstract class ApplyTests extends ContractTests {

  ApplyTests(ApiServerContract contract) {
    super(contract);
  }

  private Answer apply(String path, String manager, String json) {
    return api.patch(Api.APPLY, path + "?fieldManager=" + manager, json);
  }

  private Answer map(String manager, String data) {
    return apply(core("configmaps/a"), manager, config(data));
  }

  private static String config(String data) {
    return "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'},data:" + data + "}";
  }

  private static List<String> managers(Answer answer) {
    List<String> managers = new ArrayList<>();
    answer
        .at("/metadata/managedFields")
        .forEach(
            entry ->
                managers.add(
                    entry.path("manager").asText()
                        + " "
                        + entry.path("operation").asText()
                        + (entry.has("subresource")
                            ? " " + entry.path("subresource").asText()
                            : "")));
    return managers;
  }

  @Test
  @DisplayName("A11.4 apply creates what is missing and remembers its owner")
  void createsAndOwns() {
    Answer made = map("one", "{k:'1'}").is(201);
    assertThat(managers(made)).containsExactly("one Apply");
    JsonNode entry = made.at("/metadata/managedFields/0");
    assertThat(entry.path("apiVersion").asText()).isEqualTo("v1");
    assertThat(entry.path("fieldsType").asText()).isEqualTo("FieldsV1");
    assertThat(entry.path("fieldsV1")).isEqualTo(Json.read("{'f:data':{'f:k':{}}}"));
    assertThat(entry.path("time").asText()).isNotEmpty();
    assertThat(map("one", "{k:'1'}").is(200).version()).isEqualTo(made.version());
  }

  @Test
  @DisplayName("A11.4 what an applier no longer sends is removed, if nobody else owns it")
  void removesWhatIsNoLongerSent() {
    map("one", "{k:'1',l:'2'}").is(201);
    map("two", "{l:'2',m:'3'}").is(200);
    assertThat(map("one", "{}").is(200).at("/data")).isEqualTo(Json.read("{l:'2',m:'3'}"));
    assertThat(map("two", "{m:'3'}").is(200).at("/data")).isEqualTo(Json.read("{m:'3'}"));
  }

  @Test
  @DisplayName("A11.4 two appliers of different values are a Conflict, unless one insists")
  void reportsConflicts() {
    map("one", "{k:'1',l:'x'}").is(201);
    Answer refusal = map("two", "{k:'2'}").isRefusal(409, "Conflict");
    assertThat(refusal.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
    assertThat(refusal.text("/details/causes/0/field")).isEqualTo(".data.k");
    assertThat(refusal.text("/details/causes/0/message")).isEqualTo("conflict with \"one\"");
    assertThat(refusal.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.k");
    Answer forced =
        api.patch(Api.APPLY, core("configmaps/a?fieldManager=two&force=true"), config("{k:'2'}"));
    assertThat(forced.is(200).text("/data/k")).isEqualTo("2");
    assertThat(map("one", "{l:'x'}").is(200).at("/data")).isEqualTo(Json.read("{k:'2',l:'x'}"));
  }

  @Test
  @DisplayName("A11.4 plain writes own what they change, and apply conflicts with them")
  void tracksPlainWrites() {
    map("one", "{k:'1'}").is(201);
    Answer updated =
        api.patch(Api.MERGE, core("configmaps/a?fieldManager=editor"), "{data:{k:'2'}}").is(200);
    assertThat(managers(updated)).contains("editor Update");
    Answer refusal = map("one", "{k:'3'}").isRefusal(409, "Conflict");
    assertThat(refusal.text("/details/causes/0/message"))
        .startsWith("conflict with \"editor\" using v1");
    map("one", "{k:'2'}").is(200);
  }

  @Test
  @DisplayName("A11.4 lists of an apply merge by their keys")
  void mergesLists() {
    String path = in("apps/v1", "deployments/d");
    String head = "{apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'d'},spec:{";
    apply(
            path,
            "one",
            head
                + "selector:{matchLabels:{app:'d'}},template:{metadata:{labels:{app:'d'}},"
                + "spec:{containers:[{name:'c',image:'i:1'}]}}}}")
        .is(201);
    Answer second =
        apply(path, "two", head + "template:{spec:{containers:[{name:'d',image:'j:1'}]}}}}");
    assertThat(names(second.is(200).at("/spec/template/spec/containers")))
        .containsExactlyInAnyOrder("c", "d");
    Answer third = apply(path, "two", head + "replicas:2}}");
    assertThat(names(third.is(200).at("/spec/template/spec/containers"))).containsExactly("c");
    assertThat(third.at("/spec/replicas").asInt()).isEqualTo(2);
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(item -> names.add(item.path("name").asText()));
    return names;
  }

  @Test
  @DisplayName("A11.4 apply works on status, with an entry of its own")
  void appliesStatus() {
    api.create(core("pods"), pod("p"));
    Answer applied =
        apply(
            core("pods/p/status"),
            "one",
            "{apiVersion:'v1',kind:'Pod',metadata:{name:'p'},"
                + "status:{conditions:[{type:'example.com/x',status:'True'}]}}");
    assertThat(managers(applied.is(200))).contains("one Apply status");
    assertThat(applied.text("/status/phase")).isEqualTo("Pending");
  }

  @Test
  @DisplayName("A11.4 apply needs a fieldManager, and a uid needs its object")
  void refusesIncompleteApplies() {
    Answer nameless =
        api.patch(Api.APPLY, core("configmaps/a"), config("{k:'1'}")).isRefusal(422, "Invalid");
    assertThat(nameless.message())
        .contains("fieldManager: Required value: is required for apply patch");
    Answer uid =
        apply(
                core("configmaps/a"),
                "one",
                "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',uid:'u'}}")
            .isRefusal(409, "Conflict");
    assertThat(uid.message())
        .contains(
            "uid mismatch: the provided object specified uid u, and no existing object was"
                + " found");
    apply(
            core("configmaps/a"),
            "one",
            "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',managedFields:[{manager:'x'}]}}")
        .isRefusal(400, "BadRequest");
  }

  @Test
  @DisplayName("A11.4 managed fields survive writes and can be cleared")
  void keepsManagedFields() {
    map("one", "{k:'1'}").is(201);
    Answer read = api.get(core("configmaps/a"));
    assertThat(managers(api.put(core("configmaps/a"), read.body()).is(200)))
        .containsExactly("one Apply");
    Answer cleared = api.merge(core("configmaps/a"), "{metadata:{managedFields:[{}]}}").is(200);
    assertThat(cleared.at("/metadata/managedFields").isMissingNode()).isTrue();
  }

  @Test
  @DisplayName("A11.4 YAML is a body for apply")
  void takesYaml() {
    Answer made =
        api.raw(
            "PATCH",
            core("configmaps/yaml?fieldManager=one"),
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  k: v\n",
            "Content-Type",
            Api.APPLY);
    assertThat(made.is(201).text("/data/k")).isEqualTo("v");
  }
}
