package dev.kcm.embedded.patch;

import static dev.kcm.embedded.patch.PatchesTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.PatchException.Cause;
import dev.kcm.embedded.patch.ServerSideApply.Applied;
import dev.kcm.embedded.patch.ServerSideApply.Writer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerSideApplyTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Kind MAP = kind("v1/ConfigMap");
  private static final Kind POD = kind("v1/Pod");

  @Test
  void createsAMissingObject() {
    Applied applied = apply(null, "{metadata:{name:'a'},data:{x:'1'}}", "m", false, MAP);
    assertThat(applied.created()).isTrue();
    assertThat(applied.object())
        .isEqualTo(
            read(
                "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',managedFields:[{manager:'m',"
                    + "operation:'Apply',apiVersion:'v1',time:'2026-01-01T00:00:00Z',"
                    + "fieldsType:'FieldsV1',fieldsV1:{'f:data':{'f:x':{}}}}]},data:{x:'1'}}"));
  }

  @Test
  void behavesAsRecordedWhenTwoManagersMeet() {
    JsonNode one =
        apply(null, "{metadata:{name:'ap'},data:{a:'1',b:'1'}}", "m1", false, MAP).object();
    PatchException conflict =
        catchThrowableOfType(
            PatchException.class,
            () -> apply(one, "{metadata:{name:'ap'},data:{a:'2'}}", "m2", false, MAP));
    assertThat(conflict.code()).isEqualTo(409);
    assertThat(conflict).hasMessage("Apply failed with 1 conflict: conflict with \"m1\": .data.a");
    assertThat(conflict.causes())
        .containsExactly(new Cause("FieldManagerConflict", "conflict with \"m1\"", ".data.a"));

    JsonNode forced = apply(one, "{metadata:{name:'ap'},data:{a:'2'}}", "m2", true, MAP).object();
    assertThat(forced.path("data")).isEqualTo(read("{a:'2',b:'1'}"));
    JsonNode dropped = apply(forced, "{metadata:{name:'ap'},data:{}}", "m1", false, MAP).object();
    assertThat(dropped.path("data")).isEqualTo(read("{a:'2'}"));
    assertThat(fields(dropped, "m1")).isEqualTo(read("{'f:data':{}}"));
    assertThat(fields(dropped, "m2")).isEqualTo(read("{'f:data':{'f:a':{}}}"));
  }

  @Test
  void changesNothingWhenAppliedAgain() {
    String config = "{metadata:{name:'a',labels:{l:'1'}},data:{x:'1'}}";
    JsonNode once = apply(null, config, "m", false, MAP).object();
    Applied twice =
        ServerSideApply.apply(once, read(config), new Writer("m", "", LATER), false, MAP);
    assertThat(twice).isEqualTo(new Applied(once, false));
  }

  @Test
  void sharesFieldsThatManagersAgreeOn() {
    JsonNode one = apply(null, "{metadata:{name:'a'},data:{x:'1'}}", "m1", false, MAP).object();
    JsonNode two = apply(one, "{metadata:{name:'a'},data:{x:'1'}}", "m2", false, MAP).object();
    assertThat(fields(two, "m1")).isEqualTo(fields(two, "m2"));
    JsonNode left = apply(two, "{metadata:{name:'a'}}", "m1", false, MAP).object();
    assertThat(left.path("data")).isEqualTo(read("{x:'1'}"));
    JsonNode gone = apply(left, "{metadata:{name:'a'}}", "m2", false, MAP).object();
    assertThat(gone.has("data")).isFalse();
    assertThat(gone.path("metadata")).isEqualTo(read("{name:'a'}"));
  }

  @Test
  void namesTheUpdaterOfAConflictingField() {
    JsonNode live =
        ServerSideApply.trackUpdate(
            null, read("{metadata:{name:'a'},data:{x:'1',y:'1'}}"), "kubectl", "", NOW, MAP);
    PatchException conflict =
        catchThrowableOfType(
            PatchException.class,
            () -> apply(live, "{metadata:{name:'a'},data:{x:'2',y:'2'}}", "m", false, MAP));
    assertThat(conflict)
        .hasMessage(
            "Apply failed with 2 conflicts: conflicts with \"kubectl\" using v1:\n"
                + "- .data.x\n- .data.y");
  }

  @Test
  void defendsFieldsThatNobodyTracked() {
    JsonNode live = read("{metadata:{name:'a'},data:{x:'1'}}");
    PatchException conflict =
        catchThrowableOfType(
            PatchException.class,
            () -> apply(live, "{metadata:{name:'a'},data:{x:'2'}}", "m", false, MAP));
    assertThat(conflict).hasMessageContaining("conflict with \"before-first-apply\" using v1");
    JsonNode forced = apply(live, "{metadata:{name:'a'},data:{x:'2'}}", "m", true, MAP).object();
    assertThat(forced.at("/data/x").asText()).isEqualTo("2");
    assertThat(forced.at("/metadata/managedFields")).hasSize(1);
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {spec:{containers:[{name:'a',image:'1'},{name:'b'}]}} | {spec:{containers:[{name:'a',image:'2'}]}} | {spec:{containers:[{name:'a',image:'2'},{name:'b'}]}}
          {spec:{containers:[{name:'a'},{name:'b'}]}}  | {spec:{containers:[{name:'c'}]}}               | {spec:{containers:[{name:'a'},{name:'b'},{name:'c'}]}}
          {spec:{containers:[{name:'a'},{name:'s'},{name:'b'}]}} | {spec:{containers:[{name:'b'},{name:'a'}]}} | {spec:{containers:[{name:'b'},{name:'a'},{name:'s'}]}}
          {metadata:{finalizers:['a','b']}}            | {metadata:{finalizers:['c','a']}}              | {metadata:{finalizers:['c','a','b']}}
          {spec:{tolerations:[{key:'a'}]}}             | {spec:{tolerations:[{key:'b'}]}}               | {spec:{tolerations:[{key:'b'}]}}
          {spec:{nodeSelector:{a:'1'}}}                | {spec:{nodeSelector:{b:'2'}}}                  | {spec:{nodeSelector:{b:'2'}}}
          {spec:{containers:[{name:'a',ports:[{containerPort:80,protocol:'TCP'}]}]}} | {spec:{containers:[{name:'a',ports:[{containerPort:80,name:'w'}]}]}} | {spec:{containers:[{name:'a',ports:[{containerPort:80,protocol:'TCP',name:'w'}]}]}}
          {metadata:{labels:{a:'1'}}}                  | {metadata:{labels:{b:'2',c:null}}}             | {metadata:{labels:{a:'1',b:'2'}}}
          """)
  void mergesAsTheTypeSays(String live, String config, String expected) {
    JsonNode before = read(live);
    JsonNode merged = apply(before, config, "m", true, POD).object();
    assertThat(withoutOwners(merged)).isEqualTo(read(expected));
    assertThat(before).isEqualTo(read(live));
  }

  @ParameterizedTest(name = "{0} then {1} leaves {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {spec:{containers:[{name:'a'},{name:'b'}]}}      | {spec:{containers:[{name:'a'}]}}        | {spec:{containers:[{name:'a'}]}}
          {spec:{containers:[{name:'a',image:'i'}]}}       | {spec:{containers:[{name:'a'}]}}        | {spec:{containers:[{name:'a'}]}}
          {metadata:{finalizers:['a','b']}}                | {metadata:{finalizers:['b']}}           | {metadata:{finalizers:['b']}}
          {metadata:{labels:{a:'1',b:'2'}}}                | {metadata:{labels:{b:'2'}}}             | {metadata:{labels:{b:'2'}}}
          {metadata:{labels:{a:'1'},annotations:{x:'y'}}}  | {metadata:{annotations:{x:'y'}}}        | {metadata:{annotations:{x:'y'}}}
          {spec:{nodeName:'n',affinity:{nodeAffinity:{}}}} | {spec:{nodeName:'n'}}                   | {spec:{nodeName:'n'}}
          """)
  void removesWhatTheManagerLeavesOut(String first, String second, String expected) {
    JsonNode one = apply(null, first, "m", false, POD).object();
    JsonNode two = apply(one, second, "m", false, POD).object();
    ObjectNode left = (ObjectNode) withoutOwners(two);
    left.remove(List.of("apiVersion", "kind"));
    assertThat(left).isEqualTo(read(expected));
  }

  @Test
  void keepsItemsInWhichOthersOwnFields() {
    JsonNode one =
        apply(null, "{spec:{containers:[{name:'a',image:'i'}]}}", "m1", false, POD).object();
    JsonNode two =
        apply(one, "{spec:{containers:[{name:'a',tty:true}]}}", "m2", false, POD).object();
    JsonNode three = apply(two, "{spec:{containers:[]}}", "m1", false, POD).object();
    assertThat(three.at("/spec/containers")).isEqualTo(read("[{name:'a',tty:true}]"));
  }

  @Test
  void writesKeysAndValuesIntoPaths() {
    JsonNode pod =
        apply(
                null,
                "{metadata:{finalizers:['x/y']},spec:{containers:[{name:'a',"
                    + "ports:[{containerPort:80}],args:['b']}]}}",
                "m",
                false,
                POD)
            .object();
    assertThat(fields(pod, "m"))
        .isEqualTo(
            read(
                "{'f:metadata':{'f:finalizers':{'v:\"x/y\"':{}}},'f:spec':{'f:containers':"
                    + "{'k:{\"name\":\"a\"}':{'.':{},'f:name':{},'f:args':{},'f:ports':"
                    + "{'k:{\"containerPort\":80,\"protocol\":\"TCP\"}':"
                    + "{'.':{},'f:containerPort':{}}}}}}}"));
    PatchException conflict =
        catchThrowableOfType(
            PatchException.class,
            () -> apply(pod, "{spec:{containers:[{name:'a',args:['c']}]}}", "n", false, POD));
    assertThat(conflict.causes())
        .extracting(Cause::field)
        .containsExactly(".spec.containers[name=\"a\"].args");
  }

  @Test
  void appliesStatusThroughItsSubresourceOnly() {
    String config = "{metadata:{name:'p'},spec:{nodeName:'n'},status:{phase:'Running'}}";
    JsonNode main = apply(null, config, "m", false, POD).object();
    assertThat(main.has("status")).isFalse();
    JsonNode status =
        ServerSideApply.apply(main, read(config), new Writer("k", "status", NOW), false, POD)
            .object();
    assertThat(status.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(fields(status, "k")).isEqualTo(read("{'f:status':{'f:phase':{}}}"));
    assertThat(status.at("/metadata/managedFields/0/subresource").asText()).isEqualTo("status");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {metadata:{name:'a',managedFields:[{manager:'x'}]}} | 400 | metadata.managedFields must be nil
          {metadata:{name:'a',uid:'u'}}                       | 409 | Operation cannot be fulfilled on pods "a": uid mismatch: the provided object specified uid u, and no existing object was found
          {metadata:{name:'a'},spec:{foo:1}}                  | 400 | failed to create typed patch object (/a; /v1, Kind=Pod): .spec.foo: field not declared in schema
          {metadata:{name:'a'},spec:{containers:[{name:'c'},{name:'c'}]}} | 400 | failed to create typed patch object (/a; /v1, Kind=Pod): .spec.containers: duplicate entries for key [name="c"]
          {metadata:{name:'a'},spec:{containers:[{image:'c'}]}} | 400 | failed to create typed patch object (/a; /v1, Kind=Pod): .spec.containers: element 0: associative list with keys has an element that omits all key fields [name] (and doesn't have default values for any key fields)
          """)
  void refusesBadConfigurations(String config, int code, String message) {
    PatchException refusal =
        catchThrowableOfType(PatchException.class, () -> apply(null, config, "m", false, POD));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessage(message);
  }

  @Test
  void ownsCustomResourcesFieldByField() {
    Kind custom =
        new Kind(
            "example.com",
            "v1",
            "Widget",
            "widgets",
            "widget",
            List.of(),
            List.of(),
            true,
            List.of("patch"),
            List.of(),
            "",
            Set.of());
    JsonNode one = apply(null, "{spec:{a:1,list:[{x:1}]}}", "m", false, custom).object();
    JsonNode two = apply(one, "{spec:{b:2}}", "n", false, custom).object();
    assertThat(two.path("spec")).isEqualTo(read("{a:1,list:[{x:1}],b:2}"));
    JsonNode three = apply(two, "{}", "m", false, custom).object();
    assertThat(three.path("spec")).isEqualTo(read("{b:2}"));
  }

  @Test
  void givesUpdatersWhatTheyChange() {
    JsonNode created = track(null, "{metadata:{name:'a'},data:{x:'1',y:'1'}}", "one", "");
    assertThat(fields(created, "one")).isEqualTo(read("{'f:data':{'.':{},'f:x':{},'f:y':{}}}"));
  }

  @Test
  void movesOwnershipToTheLastWriter() {
    JsonNode created = track(null, "{metadata:{name:'a'},data:{x:'1',y:'1',z:'1'}}", "one", "");
    JsonNode updated = track(created, "{metadata:{name:'a'},data:{x:'2',y:'1'}}", "two", "");
    assertThat(fields(updated, "two")).isEqualTo(read("{'f:data':{'f:x':{}}}"));
    assertThat(fields(updated, "one").at("/f:data").has("f:y")).isTrue();
    assertThat(fields(updated, "one").at("/f:data").has("f:x")).isFalse();
    assertThat(fields(updated, "one").at("/f:data").has("f:z")).isFalse();
    JsonNode same =
        ServerSideApply.trackUpdate(
            updated, read("{metadata:{name:'a'},data:{x:'2',y:'1'}}"), "three", "", LATER, MAP);
    assertThat(same.at("/metadata/managedFields")).isEqualTo(updated.at("/metadata/managedFields"));
  }

  @ParameterizedTest(name = "[{0}] through [{1}] leaves {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                                       |        | 0
          [{}]                                                                     |        | 0
          [{manager:'x',operation:'Update',fieldsV1:{'f:data':{'f:q':{}}}}]        |        | 1
          []                                                                       | status | 1
          """)
  void takesEntriesThatTheSenderGives(String sent, @Nullable String subresource, int entries) {
    JsonNode live = track(null, "{metadata:{name:'a'},data:{x:'1'}}", "one", "");
    JsonNode updated =
        track(
            live,
            "{metadata:{name:'a',managedFields:" + sent + "},data:{x:'1'}}",
            "two",
            subresource == null ? "" : subresource);
    assertThat(updated.path("metadata").path("managedFields")).hasSize(entries);
  }

  @Test
  void toleratesItemsWithoutKeysInStoredObjects() {
    JsonNode pod = read("{status:{conditions:[{status:'True'},{type:'A'}]}}");
    JsonNode tracked = ServerSideApply.trackUpdate(null, pod, "m", "", NOW, POD);
    assertThat(withoutOwners(tracked).path("status")).isEqualTo(pod.path("status"));
  }

  private static Applied apply(
      @Nullable JsonNode live, String config, String manager, boolean force, Kind kind) {
    return ServerSideApply.apply(live, read(config), manager, force, kind, NOW);
  }

  private static JsonNode track(
      @Nullable JsonNode before, String after, String manager, String subresource) {
    return ServerSideApply.trackUpdate(before, read(after), manager, subresource, NOW, MAP);
  }

  private static JsonNode fields(JsonNode object, String manager) {
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry.path("fieldsV1");
      }
    }
    throw new AssertionError(manager + " owns nothing in " + object);
  }

  private static JsonNode withoutOwners(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
      if (metadata.isEmpty()) {
        copy.remove("metadata");
      }
    }
    return copy;
  }

  private static Kind kind(String text) {
    int slash = text.lastIndexOf('/');
    return KindTable.standard()
        .ofKind(text.substring(0, slash), text.substring(slash + 1))
        .orElseThrow();
  }
}
