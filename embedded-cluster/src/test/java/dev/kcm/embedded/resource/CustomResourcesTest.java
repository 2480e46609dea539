package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A18.13 kinds of CustomResourceDefinitions")
class CustomResourcesTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private static final String SCHEMA =
      "{type:'object',properties:{spec:{type:'object',required:['size'],properties:{"
          + "size:{type:'integer',minimum:1,maximum:9},color:{type:'string',default:'blue',"
          + "enum:['blue','green']},name:{type:'string',pattern:'^[a-z]+$',maxLength:3},"
          + "replicas:{type:'integer'},open:{type:'object',"
          + "'x-kubernetes-preserve-unknown-fields':true},parts:{type:'array',maxItems:2,items:{"
          + "type:'object',properties:{id:{type:'string'},on:{type:'boolean',default:true}}},"
          + "'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['id']}}},"
          + "status:{type:'object',properties:{phase:{type:'string'},replicas:{type:'integer'},"
          + "selector:{type:'string'}}}}}";

  private static final String THING_DEFINITION =
      "{metadata:{name:'things.example.com'},spec:{group:'example.com',scope:'Namespaced',names:{"
          + "plural:'things',kind:'Thing',shortNames:['th']},versions:[{name:'v1',served:true,"
          + "storage:true,subresources:{status:{},scale:{specReplicasPath:'.spec.replicas',"
          + "statusReplicasPath:'.status.replicas',labelSelectorPath:'.status.selector'}},"
          + "schema:{openAPIV3Schema:"
          + SCHEMA
          + "}},{name:'v1beta1',served:true,storage:false,schema:{openAPIV3Schema:"
          + "{type:'object','x-kubernetes-preserve-unknown-fields':true}}}]}}";

  private final Cluster cluster = new Cluster();

  @BeforeEach
  void define() {
    cluster.post(DEFINITIONS, THING_DEFINITION);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private JsonNode definition() {
    return cluster.get(DEFINITIONS + "/things.example.com");
  }

  private JsonNode thing(String spec) {
    return cluster.post(
        THINGS, "{apiVersion:'example.com/v1',kind:'Thing',metadata:{name:'t'},spec:" + spec + "}");
  }

  @Test
  void aDefinitionIsEstablishedAtOnce() {
    JsonNode status = definition().path("status");
    assertThat(status.path("storedVersions").toString()).isEqualTo("[\"v1\"]");
    assertThat(status.path("acceptedNames").path("listKind").asText()).isEqualTo("ThingList");
    assertThat(status.path("conditions").findValuesAsText("type"))
        .containsExactly("NamesAccepted", "Established");
    assertThat(status.path("conditions").findValuesAsText("status"))
        .containsExactly("True", "True");
    assertThat(status.path("conditions").findValuesAsText("reason"))
        .containsExactly("NoConflicts", "InitialNamesAccepted");
    assertThat(cluster.server.kinds().ofKind("example.com/v1", "Thing")).isPresent();
  }

  @Test
  void objectsAreCompletedAndPruned() {
    JsonNode thing = thing("{size:1,extra:2,open:{any:{thing:1}},parts:[{id:'a',x:1}]}");
    assertThat(thing.path("spec"))
        .isEqualTo(
            Cluster.json("{size:1,color:'blue',open:{any:{thing:1}},parts:[{id:'a',on:true}]}"));
    assertThat(thing.path("metadata").path("generation").asInt()).isEqualTo(1);
  }

  @Test
  void unknownFieldsAreWarnedAboutOrRefused() {
    String body = "{metadata:{name:'w'},spec:{size:1,parts:[{id:'a',x:1}]}}";
    ApiAnswer answer = cluster.send("POST", THINGS, Cluster.json(body), "application/json");
    assertThat(answer.warnings()).containsExactly("unknown field \"spec.parts[0].x\"");
    StatusException refusal =
        Cluster.refusal(() -> cluster.post(THINGS + "?fieldValidation=Strict", body));
    assertThat(refusal.status().path("message").asText())
        .isEqualTo(
            "Thing in version \"v1\" cannot be handled as a Thing: strict decoding error: unknown"
                + " field \"spec.parts[0].x\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | spec.size: Required value",
        "{size:'x'} | spec.size: Invalid value: \"string\": spec.size in body must be of type"
            + " integer: \"string\"",
        "{size:0} | spec.size: Invalid value: 0: spec.size in body should be greater than or equal"
            + " to 1",
        "{size:10} | spec.size: Invalid value: 10: spec.size in body should be less than or equal"
            + " to 9",
        "{size:1,color:'red'} | spec.color: Unsupported value: \"red\": supported values: \"blue\","
            + " \"green\"",
        "{size:1,name:'A'} | spec.name: Invalid value: \"A\": spec.name in body should match"
            + " '^[a-z]+$'",
        "{size:1,name:'abcd'} | spec.name: Too long: may not be more than 3 bytes",
        "{size:1,parts:[{id:'a'},{id:'b'},{id:'c'}]} | spec.parts: Too many: 3: must have at most 2"
            + " items",
        "{size:1,parts:[{id:'a'},{id:'a'}]} | spec.parts[1]: Duplicate value: {\"id\":\"a\"}",
      })
  void objectsThatDoNotFitTheSchemaAreRefused(String spec, String message) {
    StatusException refusal = Cluster.refusal(() -> thing(spec));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal.status().path("message").asText())
        .isEqualTo("Thing.example.com \"t\" is invalid: " + message);
  }

  @Test
  void statusIsWrittenThroughItsSubresourceOnly() {
    thing("{size:1}");
    cluster.patch(THINGS + "/t/status", "{spec:{size:5},status:{phase:'Ready'}}");
    JsonNode thing = cluster.patch(THINGS + "/t", "{status:{phase:'Other'},spec:{size:2}}");
    assertThat(thing.path("status").path("phase").asText()).isEqualTo("Ready");
    assertThat(thing.path("spec").path("size").asInt()).isEqualTo(2);
    assertThat(thing.path("metadata").path("generation").asInt()).isEqualTo(2);
  }

  @Test
  void scaleReadsAndWritesThePathsOfTheDefinition() {
    thing("{size:1,replicas:2}");
    cluster.patch(THINGS + "/t/status", "{status:{replicas:1,selector:'a=b'}}");
    JsonNode scale = cluster.get(THINGS + "/t/scale");
    assertThat(scale.path("spec").path("replicas").asInt()).isEqualTo(2);
    assertThat(scale.path("status")).isEqualTo(Cluster.json("{replicas:1,selector:'a=b'}"));
    cluster.patch(THINGS + "/t/scale", "{spec:{replicas:5}}");
    assertThat(cluster.get(THINGS + "/t").path("spec").path("replicas").asInt()).isEqualTo(5);
  }

  @Test
  void allServedVersionsShowTheSameObjects() {
    thing("{size:1}");
    JsonNode other = cluster.get("/apis/example.com/v1beta1/namespaces/default/things/t");
    assertThat(other.path("apiVersion").asText()).isEqualTo("example.com/v1beta1");
    assertThat(other.path("spec").path("size").asInt()).isEqualTo(1);
  }

  @Test
  void strategicPatchesAreNotServed() {
    thing("{size:1}");
    StatusException refusal =
        Cluster.refusal(
            () ->
                cluster.send(
                    "PATCH",
                    THINGS + "/t",
                    Cluster.json("{spec:{size:2}}"),
                    "application/strategic-merge-patch+json"));
    assertThat(refusal.code()).isEqualTo(415);
  }

  @Test
  void aDefinitionWithoutObjectsGoesAtOnceAndItsWatchesEnd() {
    Cluster.Recorder watch = cluster.watch(THINGS);
    cluster.delete(DEFINITIONS + "/things.example.com");
    assertThat(watch.closings).isEqualTo(1);
    assertThat(Cluster.refusal(() -> cluster.get(THINGS)).code()).isEqualTo(404);
    assertThat(cluster.server.kinds().ofKind("example.com/v1", "Thing")).isEmpty();
  }

  @Test
  void objectsGoBeforeTheirDefinition() {
    thing("{size:1}");
    Cluster.Recorder watch = cluster.watch(THINGS);
    cluster.delete(DEFINITIONS + "/things.example.com");
    assertThat(watch.seen()).containsExactly("ADDED t", "DELETED t");
    assertThat(watch.closings).isEqualTo(1);
    assertThat(Cluster.refusal(() -> definition()).code()).isEqualTo(404);
  }

  @Test
  void aDefinitionWaitsForTheFinalizersOfItsObjects() {
    cluster.post(THINGS, "{metadata:{name:'f',finalizers:['example.com/x']},spec:{size:1}}");
    cluster.delete(DEFINITIONS + "/things.example.com");
    assertThat(definition().path("metadata").path("finalizers").toString())
        .isEqualTo("[\"customresourcecleanup.apiextensions.k8s.io\"]");
    assertThat(Cluster.refusal(() -> thing("{size:1}")).code()).isEqualTo(405);
    cluster.patch(THINGS + "/f", "{metadata:{finalizers:null}}");
    assertThat(Cluster.refusal(() -> definition()).code()).isEqualTo(404);
  }

  @Test
  void aKindNameThatIsTakenIsNotAccepted() {
    cluster.post(
        DEFINITIONS,
        THING_DEFINITION
            .replace("things.example.com", "zz.example.com")
            .replace("plural:'things'", "plural:'zz'"));
    JsonNode status = cluster.get(DEFINITIONS + "/zz.example.com").path("status");
    assertThat(status.path("conditions").findValuesAsText("status"))
        .containsExactly("False", "False");
    assertThat(
            Cluster.refusal(() -> cluster.get("/apis/example.com/v1/namespaces/default/zz")).code())
        .isEqualTo(404);
    cluster.delete(DEFINITIONS + "/things.example.com");
    cluster.get("/apis/example.com/v1/namespaces/default/zz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "things.example.com | x.example.com | metadata.name: Invalid value: \"x.example.com\": must"
            + " be spec.names.plural+\".\"+spec.group",
        "scope:'Namespaced' | scope:'World' | spec.scope: Unsupported value: \"World\": supported"
            + " values: \"Cluster\", \"Namespaced\"",
      })
  void definitionsThatMakeNoSenseAreRefused(String part, String wrong, String message) {
    StatusException refusal =
        Cluster.refusal(() -> cluster.post(DEFINITIONS, THING_DEFINITION.replace(part, wrong)));
    assertThat(refusal.status().path("message").asText()).endsWith(message);
  }
}
