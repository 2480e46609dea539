package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Custom resources. Confined to the test's thread. */
abstract class DefinitionTests extends ContractTests {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private final String group = ns + ".example.com";

  DefinitionTests(ApiServerContract contract) {
    super(contract);
  }

  @BeforeEach
  void define() {
    String schema =
        "{type:'object',properties:{spec:{type:'object',required:['size'],properties:{"
            + "size:{type:'integer',minimum:1},color:{type:'string',default:'red',"
            + "enum:['red','blue']},any:{type:'object',"
            + "'x-kubernetes-preserve-unknown-fields':true}}},"
            + "status:{type:'object',properties:{size:{type:'integer'},"
            + "selector:{type:'string'}}}}}";
    api.create(
        DEFINITIONS,
        "{metadata:{name:'things."
            + group
            + "'},spec:{group:'"
            + group
            + "',scope:'Namespaced',names:{plural:'things',singular:'thing',kind:'Thing',"
            + "listKind:'ThingList',shortNames:['th']},versions:[{name:'v1',served:true,"
            + "storage:true,schema:{openAPIV3Schema:"
            + schema
            + "},subresources:{status:{},scale:{specReplicasPath:'.spec.size',"
            + "statusReplicasPath:'.status.size',labelSelectorPath:'.status.selector'}},"
            + "selectableFields:[{jsonPath:'.spec.color'}],"
            + "additionalPrinterColumns:[{name:'Size',type:'integer',jsonPath:'.spec.size'}]}]}}");
    awaitServed();
  }

  /** The server makes the kind known a moment after it accepts the definition. */
  private void awaitServed() {
    try (EventStream watch =
        api.watch(DEFINITIONS + "?watch=1&fieldSelector=metadata.name%3Dthings." + group)) {
      watch.next(
          event -> {
            for (JsonNode condition : event.at("/object/status/conditions")) {
              if (condition.path("type").asText().equals("Established")
                  && condition.path("status").asText().equals("True")) {
                return true;
              }
            }
            return false;
          });
    }
    long end = System.nanoTime() + 20_000_000_000L;
    while (api.get(things("")).code() == 404 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private String things(String rest) {
    return in(group + "/v1", "things" + rest);
  }

  private Answer thing(String name, String spec) {
    return api.post(
        things(""),
        "{apiVersion:'"
            + group
            + "/v1',kind:'Thing',metadata:{name:'"
            + name
            + "'},spec:"
            + spec
            + "}");
  }

  @Test
  @DisplayName("A18.13 a definition serves its kind: create, read, list, watch, delete")
  void servesItsKind() {
    Answer made = thing("a", "{size:1}").is(201);
    assertThat(made.text("/kind")).isEqualTo("Thing");
    assertThat(made.text("/apiVersion")).isEqualTo(group + "/v1");
    assertThat(made.at("/metadata/generation").asInt()).isEqualTo(1);
    Answer list = api.get(things("")).is(200);
    assertThat(list.text("/kind")).isEqualTo("ThingList");
    assertThat(list.text("/items/0/kind")).isEqualTo("Thing");
    try (EventStream watch = api.watch(things("?watch=1"))) {
      assertThat(watch.changes(1)).containsExactly("ADDED a");
      api.delete(things("/a")).is(200);
      assertThat(watch.changes(1)).containsExactly("DELETED a");
    }
  }

  @Test
  @DisplayName("A18.13 the schema gives defaults, prunes what it does not know, and refuses")
  void appliesSchemas() {
    Answer made = thing("a", "{size:1,other:'x',any:{k:'v'}}").is(201);
    assertThat(made.at("/spec")).isEqualTo(Json.read("{size:1,color:'red',any:{k:'v'}}"));
    assertThat(made.header("Warning")).contains("unknown field");
    Answer small = thing("b", "{size:0}").isRefusal(422, "Invalid");
    assertThat(small.message())
        .isEqualTo(
            "Thing."
                + group
                + " \"b\" is invalid: spec.size: Invalid value: 0: spec.size in body should be"
                + " greater than or equal to 1");
    assertThat(thing("b", "{}").isRefusal(422, "Invalid").message())
        .contains("spec.size: Required value");
    assertThat(thing("b", "{size:1,color:'green'}").isRefusal(422, "Invalid").message())
        .contains("spec.color: Unsupported value: \"green\"");
    assertThat(thing("b", "{size:'x'}").isRefusal(422, "Invalid").message())
        .contains("spec.size: Invalid value: \"string\"");
  }

  @Test
  @DisplayName("A18.13 status and scale of custom resources")
  void servesSubresources() {
    thing("a", "{size:1}").is(201);
    Answer status = api.merge(things("/a/status"), "{spec:{size:9},status:{size:1}}").is(200);
    assertThat(status.at("/spec/size").asInt()).isEqualTo(1);
    assertThat(status.at("/status/size").asInt()).isEqualTo(1);
    assertThat(status.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(api.merge(things("/a"), "{status:{size:7}}").is(200).at("/status/size").asInt())
        .isEqualTo(1);
    Answer scale = api.merge(things("/a/scale"), "{spec:{replicas:4}}").is(200);
    assertThat(scale.at("/status/replicas").asInt()).isEqualTo(1);
    Answer read = api.get(things("/a"));
    assertThat(read.at("/spec/size").asInt()).isEqualTo(4);
    assertThat(read.at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("A18.13 PUT of a custom resource needs a version; strategic patches are not for it")
  void isStrictAboutWrites() {
    Answer made = thing("a", "{size:1}").is(201);
    api.put(
            things("/a"),
            "{apiVersion:'" + group + "/v1',kind:'Thing',metadata:{name:'a'},spec:{size:2}}")
        .isRefusal(422, "Invalid");
    api.put(things("/a"), made.body()).is(200);
    api.patch(Api.STRATEGIC, things("/a"), "{spec:{size:2}}")
        .isRefusal(415, "UnsupportedMediaType");
    api.merge(things("/a"), "{spec:{size:2}}").is(200);
    api.patch(
            Api.APPLY,
            things("/a?fieldManager=one&force=true"),
            "{apiVersion:'" + group + "/v1',kind:'Thing',metadata:{name:'a'},spec:{size:3}}")
        .is(200);
  }

  @Test
  @DisplayName("A18.13 fields of the definition can be selected, columns are shown")
  void selectsAndShows() {
    thing("a", "{size:1,color:'red'}").is(201);
    thing("b", "{size:2,color:'blue'}").is(201);
    assertThat(api.get(things("?fieldSelector=spec.color%3Dblue")).is(200).names())
        .containsExactly("b");
    api.get(things("?fieldSelector=spec.size%3D1")).isRefusal(400, "BadRequest");
    Answer table =
        api.get(
            things(""), "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    List<String> columns = new ArrayList<>();
    table.at("/columnDefinitions").forEach(column -> columns.add(column.path("name").asText()));
    assertThat(columns).containsExactly("Name", "Size");
    assertThat(table.at("/rows/1/cells/1").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("A18.13 discovery and OpenAPI know the kind")
  void isDiscovered() {
    assertThat(api.get("/apis/" + group + "/v1").is(200).text("/resources/0/kind"))
        .isEqualTo("Thing");
    assertThat(api.get("/apis/" + group).is(200).text("/preferredVersion/version")).isEqualTo("v1");
  }

  @Test
  @DisplayName("A18.13 with its definition a kind and its objects go")
  void goesWithItsDefinition() {
    thing("a", "{size:1}").is(201);
    api.delete(DEFINITIONS + "/things." + group).is(200);
    long end = System.nanoTime() + 20_000_000_000L;
    while (api.get(things("")).code() != 404 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    api.get(things("")).is(404);
  }

  @Test
  @DisplayName("A18.13 definitions themselves are checked")
  void checksDefinitions() {
    api.post(
            DEFINITIONS,
            "{metadata:{name:'wrong'},spec:{group:'x.example.com',scope:'Namespaced',"
                + "names:{plural:'things',kind:'Thing'},versions:[]}}")
        .isRefusal(422, "Invalid");
  }
}
