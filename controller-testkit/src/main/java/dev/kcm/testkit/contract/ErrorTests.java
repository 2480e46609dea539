package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.testkit.contract.ContractServer.Capability;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Refusals are Status objects with code, reason and details. Confined to the test's thread. */
abstract class ErrorTests extends ContractTests {

  ErrorTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A7.1, A7.2 not found names resource, group and object")
  void saysWhatIsNotFound() {
    Answer refusal = api.get(in("apps/v1", "deployments/none")).isRefusal(404, "NotFound");
    assertThat(refusal.message()).isEqualTo("deployments.apps \"none\" not found");
    assertThat(refusal.at("/details"))
        .isEqualTo(Json.read("{name:'none',group:'apps',kind:'deployments'}"));
    assertThat(refusal.at("/metadata").isObject()).isTrue();
  }

  @Test
  @DisplayName("A7.1, A7.3 invalid objects have one cause for each field, and the kind in details")
  void listsCauses() {
    Answer refusal =
        api.post(
                core("configmaps"),
                "{metadata:{name:'Bad_Name',labels:{'a b':'c'}},data:{'x y':'v'}}")
            .isRefusal(422, "Invalid");
    assertThat(refusal.text("/details/kind")).isEqualTo("ConfigMap");
    assertThat(refusal.message()).startsWith("ConfigMap \"Bad_Name\" is invalid: [");
    assertThat(Api.strings(fields(refusal)))
        .containsExactlyInAnyOrder("metadata.name", "metadata.labels", "data[x y]");
    for (JsonNode cause : refusal.at("/details/causes")) {
      assertThat(cause.path("reason").asText()).isEqualTo("FieldValueInvalid");
      assertThat(cause.path("message").asText()).startsWith("Invalid value: \"");
    }
  }

  private static JsonNode fields(Answer refusal) {
    com.fasterxml.jackson.databind.node.ArrayNode fields =
        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
    refusal.at("/details/causes").forEach(cause -> fields.add(cause.path("field")));
    return fields;
  }

  @Test
  @DisplayName("A7.2 groups stand behind the kind of an invalid object")
  void namesTheGroupOfInvalidObjects() {
    Answer refusal =
        api.post(
                in("apps/v1", "deployments"),
                "{metadata:{name:'d'},spec:{replicas:-1,selector:{matchLabels:{app:'d'}},template:"
                    + template("d")
                    + "}}")
            .isRefusal(422, "Invalid");
    assertThat(refusal.message())
        .isEqualTo(
            "Deployment.apps \"d\" is invalid: spec.replicas: Invalid value: -1:"
                + " must be greater than or equal to 0");
    assertThat(refusal.text("/details/group")).isEqualTo("apps");
    assertThat(refusal.text("/details/kind")).isEqualTo("Deployment");
  }

  @Test
  @DisplayName("A7.3 causes tell required, unsupported, forbidden and mistyped values apart")
  void tellsKindsOfCauses() {
    String containers = "containers:[{name:'c',image:'i'}]";
    assertThat(cause("pods", "{metadata:{name:'p'},spec:{containers:[{name:'c'}]}}"))
        .isEqualTo("FieldValueRequired spec.containers[0].image");
    assertThat(cause("pods", "{metadata:{name:'p'},spec:{restartPolicy:'Now'," + containers + "}}"))
        .isEqualTo("FieldValueNotSupported spec.restartPolicy");
    assertThat(
            cause(
                "pods",
                "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'},"
                    + "{name:'c',image:'i'}]}}"))
        .isEqualTo("FieldValueDuplicate spec.containers[1].name");
  }

  private String cause(String resource, String body) {
    Answer refusal = api.post(core(resource), body).isRefusal(422, "Invalid");
    return refusal.text("/details/causes/0/reason") + " " + refusal.text("/details/causes/0/field");
  }

  @Test
  @DisplayName("A7.4 who may not do it reads who, what and where")
  void saysWhatIsForbidden() {
    Answer list = api.get(core("secrets"), Api.as("alice")).isRefusal(403, "Forbidden");
    assertThat(list.message())
        .isEqualTo(
            "secrets is forbidden: User \"alice\" cannot list resource \"secrets\" in API group"
                + " \"\" in the namespace \""
                + ns
                + "\"");
    assertThat(api.get("/api/v1/nodes/n", Api.as("alice")).isRefusal(403, "Forbidden").message())
        .isEqualTo(
            "nodes \"n\" is forbidden: User \"alice\" cannot get resource \"nodes\" in API group"
                + " \"\" at the cluster scope");
    assertThat(
            api.get(in("apps/v1", "deployments/d/status"), Api.as("alice"))
                .isRefusal(403, "Forbidden")
                .message())
        .isEqualTo(
            "deployments.apps \"d\" is forbidden: User \"alice\" cannot get resource"
                + " \"deployments/status\" in API group \"apps\" in the namespace \""
                + ns
                + "\"");
    assertThat(api.get("/metrics", Api.as("alice")).isRefusal(403, "Forbidden").message())
        .isEqualTo("forbidden: User \"alice\" cannot get path \"/metrics\"");
  }

  @Test
  @DisplayName("A7.2, A18.15 methods that a resource does not have are 405")
  void refusesMethods() {
    api.create(core("configmaps"), named("a"));
    api.raw("PUT", core("configmaps"), "{}", "Content-Type", Api.JSON)
        .isRefusal(405, "MethodNotAllowed");
    api.raw("POST", core("configmaps/a"), "{}", "Content-Type", Api.JSON)
        .isRefusal(405, "MethodNotAllowed");
    api.get("/apis/authorization.k8s.io/v1/subjectaccessreviews")
        .isRefusal(405, "MethodNotAllowed");
    api.delete("/api/v1/namespaces").isRefusal(405, "MethodNotAllowed");
  }

  @Test
  @DisplayName("A7.2, A18.15 unknown paths are 404")
  void refusesUnknownPaths() {
    for (String path :
        List.of(
            "/apis/none.example.com/v1/things",
            "/apis/apps/v2/deployments",
            "/api/v1/things",
            core("things"),
            "/nonsense")) {
      api.get(path).is(404);
    }
  }

  @Test
  @DisplayName("A7.2 unknown media types are 415 for bodies and 406 for answers")
  void refusesMediaTypes() {
    Answer body = api.raw("POST", core("configmaps"), "<x/>", "Content-Type", "text/html");
    assertThat(body.isRefusal(415, "UnsupportedMediaType").message())
        .startsWith(
            "the body of the request was in an unknown format - accepted media types"
                + " include: ");
    Answer answer = api.get(core("configmaps"), "Accept", "text/html");
    answer.isRefusal(406, "NotAcceptable");
    api.raw("PATCH", core("configmaps/a"), "{}", "Content-Type", Api.JSON)
        .isRefusal(415, "UnsupportedMediaType");
  }

  @Test
  @DisplayName("A7.2 bodies of more than 3 MiB are too large")
  void refusesHugeBodies() {
    Answer answer =
        api.raw(
            "POST",
            core("configmaps"),
            "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"" + "x".repeat(3 << 20) + "\"}}",
            "Content-Type",
            Api.JSON);
    answer.isRefusal(413, "RequestEntityTooLarge");
  }

  @Test
  @DisplayName("A7.2 an escape that cannot be decoded is a bad request with a Status")
  void refusesBrokenEscapes() {
    needs(Capability.STATUS_FOR_BAD_URLS);
    for (String target : List.of("/api/v1/%zz", "/api/v1/pods?labelSelector=%zz", "/api/v1/%")) {
      String text = RawHttp.get(kubeconfig, target);
      assertThat(text).as(target).startsWith("HTTP/1.1 400");
      String body = text.substring(text.indexOf("\r\n\r\n") + 4);
      assertThat(Json.read(body).path("reason").asText()).as(target).isEqualTo("BadRequest");
      assertThat(Json.read(body).path("kind").asText()).as(target).isEqualTo("Status");
    }
  }
}
