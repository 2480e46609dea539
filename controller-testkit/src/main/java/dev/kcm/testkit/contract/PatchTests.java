package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The three patches that are no apply. Confined to the test's thread. */
abstract class PatchTests extends ContractTests {

  PatchTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A11.1, A18.7 a merge patch merges maps, removes by null and replaces lists")
  void merges() {
    api.create(
        core("configmaps"),
        "{metadata:{name:'a',finalizers:['example.com/a','example.com/b']},data:{k:'1',l:'2'}}");
    Answer merged =
        api.merge(
            core("configmaps/a"), "{metadata:{finalizers:['example.com/c']},data:{k:null,m:'3'}}");
    assertThat(merged.is(200).at("/data")).isEqualTo(Json.read("{l:'2',m:'3'}"));
    assertThat(Api.strings(merged.at("/metadata/finalizers"))).containsExactly("example.com/c");
    api.merge(core("configmaps/a"), "{metadata:{finalizers:null}}").is(200);
  }

  @Test
  @DisplayName("A11.1, A11.2 a JSON patch does as it says, or is invalid when it cannot")
  void appliesJsonPatches() {
    api.create(core("configmaps"), "{metadata:{name:'a'},data:{k:'1'}}");
    String path = core("configmaps/a");
    Answer patched =
        api.patch(
            Api.JSON_PATCH,
            path,
            "[{op:'test',path:'/data/k',value:'1'},{op:'replace',path:'/data/k',value:'2'},"
                + "{op:'add',path:'/data/l',value:'3'},{op:'copy',from:'/data/l',path:'/data/m'},"
                + "{op:'remove',path:'/data/l'}]");
    assertThat(patched.is(200).at("/data")).isEqualTo(Json.read("{k:'2',m:'3'}"));
    api.patch(Api.JSON_PATCH, path, "[{op:'test',path:'/data/k',value:'9'}]")
        .isRefusal(422, "Invalid");
    api.patch(Api.JSON_PATCH, path, "[{op:'remove',path:'/data/none'}]").isRefusal(422, "Invalid");
    api.raw("PATCH", path, "{", "Content-Type", Api.JSON_PATCH).isRefusal(400, "BadRequest");
    api.raw("PATCH", path, "{\"a\":1}", "Content-Type", Api.JSON_PATCH)
        .isRefusal(400, "BadRequest");
  }

  @Test
  @DisplayName(
      "A11.2 a patch of what is missing is 404, one that changes nothing keeps the version")
  void patchesWhatIsThere() {
    api.merge(core("configmaps/none"), "{data:{k:'v'}}").isRefusal(404, "NotFound");
    Answer made = api.create(core("configmaps"), "{metadata:{name:'a'},data:{k:'v'}}");
    for (String type : List.of(Api.MERGE, Api.STRATEGIC)) {
      assertThat(api.patch(type, core("configmaps/a"), "{data:{k:'v'}}").is(200).version())
          .isEqualTo(made.version());
    }
    assertThat(api.patch(Api.JSON_PATCH, core("configmaps/a"), "[]").is(200).version())
        .isEqualTo(made.version());
  }

  @Test
  @DisplayName("A11.2 a resourceVersion inside a patch is a precondition")
  void checksVersionsInPatches() {
    api.create(core("configmaps"), named("a"));
    api.merge(core("configmaps/a"), "{metadata:{resourceVersion:'1'},data:{k:'v'}}")
        .isRefusal(409, "Conflict");
    String version = api.get(core("configmaps/a")).version();
    api.merge(core("configmaps/a"), "{metadata:{resourceVersion:'" + version + "'},data:{k:'v'}}")
        .is(200);
    Answer uid = api.merge(core("configmaps/a"), "{metadata:{uid:'other'},data:{k:'w'}}");
    assertThat(uid.code()).isIn(409, 422);
    Answer name = api.merge(core("configmaps/a"), "{metadata:{name:'b'}}");
    assertThat(name.code()).isIn(400, 422);
  }

  @Test
  @DisplayName("A11.2 an invalid result is invalid, a broken document a bad request")
  void refusesBadResults() {
    api.create(core("configmaps"), named("a"));
    api.merge(core("configmaps/a"), "{metadata:{labels:{a:'b c'}}}").isRefusal(422, "Invalid");
    api.raw("PATCH", core("configmaps/a"), "{\"data\":", "Content-Type", Api.MERGE)
        .isRefusal(400, "BadRequest");
    api.raw("PATCH", core("configmaps/a"), "[1]", "Content-Type", Api.MERGE)
        .isRefusal(400, "BadRequest");
  }

  private Answer strategic(String path, String patch) {
    return api.patch(Api.STRATEGIC, path, patch);
  }

  @Test
  @DisplayName("A11.3 strategic: lists of things with a key merge by it")
  void mergesListsByKey() {
    api.create(
        core("pods"),
        "{metadata:{name:'p',ownerReferences:[{apiVersion:'v1',kind:'K',name:'n',uid:'u1'}],"
            + "finalizers:['example.com/a']},"
            + "spec:{containers:[{name:'c',image:'i:1',env:[{name:'e',value:'1'}]},"
            + "{name:'d',image:'i:1'}]}}");
    Answer patched =
        strategic(
            core("pods/p"),
            "{metadata:{ownerReferences:[{apiVersion:'v1',kind:'K',name:'m',uid:'u2'}],"
                + "finalizers:['example.com/b']},spec:{containers:[{name:'d',image:'i:2'}]}}");
    assertThat(each(patched.is(200).at("/metadata/ownerReferences"), "uid"))
        .containsExactlyInAnyOrder("u1", "u2");
    assertThat(Api.strings(patched.at("/metadata/finalizers")))
        .containsExactlyInAnyOrder("example.com/a", "example.com/b");
    assertThat(each(patched.at("/spec/containers"), "image"))
        .containsExactlyInAnyOrder("i:1", "i:2");

    Answer removed =
        strategic(
            core("pods/p"),
            "{metadata:{ownerReferences:[{$patch:'delete',uid:'u1'}],"
                + "'$deleteFromPrimitiveList/finalizers':['example.com/a']}}");
    assertThat(each(removed.is(200).at("/metadata/ownerReferences"), "uid")).containsExactly("u2");
    assertThat(Api.strings(removed.at("/metadata/finalizers"))).containsExactly("example.com/b");
    strategic(core("pods/p"), "{metadata:{finalizers:null}}").is(200);
  }

  private static List<String> each(JsonNode array, String field) {
    List<String> values = new ArrayList<>();
    array.forEach(item -> values.add(item.path(field).asText()));
    return values;
  }

  @Test
  @DisplayName(
      "A11.3 strategic: conditions merge by type, addresses of nodes too, taints are replaced")
  void mergesConditions() {
    api.create(
        "/api/v1/nodes",
        "{metadata:{name:'" + ns + "'},spec:{taints:[{key:'a',effect:'NoSchedule'}]}}");
    String path = "/api/v1/nodes/" + ns;
    strategic(
            path + "/status",
            "{status:{conditions:[{type:'A',status:'True'},{type:'B',status:'True'}],"
                + "addresses:[{type:'Hostname',address:'x'},{type:'InternalIP',address:'1.2.3.4'}]}}")
        .is(200);
    Answer patched =
        strategic(
            path + "/status",
            "{status:{conditions:[{type:'B',status:'False'}],"
                + "addresses:[{type:'Hostname',address:'y'}]}}");
    assertThat(each(patched.is(200).at("/status/conditions"), "status"))
        .containsExactlyInAnyOrder("True", "False");
    assertThat(each(patched.at("/status/addresses"), "address"))
        .containsExactlyInAnyOrder("y", "1.2.3.4");
    Answer taints = strategic(path, "{spec:{taints:[{key:'b',effect:'NoExecute'}]}}");
    assertThat(each(taints.is(200).at("/spec/taints"), "key")).containsExactly("b");
    api.delete(path).is(200);
  }

  @Test
  @DisplayName("A11.3 strategic: $patch replace, $retainKeys and $setElementOrder")
  void knowsDirectives() {
    api.create(in("apps/v1", "deployments"), deployment("d"));
    String path = in("apps/v1", "deployments/d");
    Answer recreate = strategic(path, "{spec:{strategy:{$retainKeys:['type'],type:'Recreate'}}}");
    assertThat(recreate.is(200).at("/spec/strategy")).isEqualTo(Json.read("{type:'Recreate'}"));
    strategic(
            path,
            "{spec:{template:{spec:{containers:[{name:'d',image:'i'},{name:'c'}],"
                + "'$setElementOrder/containers':[{name:'d'},{name:'c'}]}}}}")
        .is(200);
    assertThat(each(api.get(path).at("/spec/template/spec/containers"), "name"))
        .containsExactly("d", "c");
    Answer replaced =
        strategic(
            path,
            "{spec:{template:{spec:{containers:[{$patch:'replace'},{name:'e',image:'i'}]}}}}");
    assertThat(each(replaced.is(200).at("/spec/template/spec/containers"), "name"))
        .containsExactly("e");
    String replacement = "{metadata:{annotations:{$patch:'replace',a:'b'}}}";
    Answer nothing = strategic(path, replacement).is(200);
    assertThat(nothing.at("/metadata/annotations").isMissingNode()).as("nothing there").isTrue();
    strategic(path, "{metadata:{annotations:{c:'d'}}}").is(200);
    assertThat(strategic(path, replacement).is(200).at("/metadata/annotations"))
        .isEqualTo(Json.read("{a:'b'}"));
  }

  @Test
  @DisplayName("A11.3 strategic: ports of services and mounts of containers have keys")
  void mergesPortsAndMounts() {
    api.create(
        core("services"),
        "{metadata:{name:'s'},spec:{ports:[{name:'a',port:80},{name:'b',port:81}]}}");
    Answer service =
        strategic(core("services/s"), "{spec:{ports:[{port:81,name:'b',targetPort:9000}]}}");
    assertThat(each(service.is(200).at("/spec/ports"), "targetPort"))
        .containsExactlyInAnyOrder("80", "9000");
  }

  @Test
  @DisplayName("A11.2 a strategic patch of the wrong type is shown with the reason")
  void showsStrategicPatchesThatDoNotFit() {
    api.create(in("apps/v1", "deployments"), deployment("d"));
    String path = in("apps/v1", "deployments/d");
    assertThat(refused(path, "{spec:{replicas:'x'}}"))
        .isEqualTo(
            " \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\":"
                + " unrecognized type: int32");
    assertThat(refused(path, "{metadata:{labels:[1,2]}}"))
        .isEqualTo(
            " \"\" is invalid: patch: Invalid value: \"map[metadata:map[labels:[1 2]]]\":"
                + " cannot restore map from slice");
    assertThat(refused(path + "?fieldValidation=Strict", "{spec:{replica:1}}"))
        .isEqualTo(
            " \"\" is invalid: patch: Invalid value: \"map[spec:map[replica:1]]\":"
                + " strict decoding error: unknown field \"spec.replica\"");
  }

  private String refused(String path, String patch) {
    Answer answer = api.patch(Api.STRATEGIC, path, patch).isRefusal(422, "Invalid");
    assertThat(answer.text("/details/causes/0/field")).isEqualTo("patch");
    return answer.message();
  }
}
