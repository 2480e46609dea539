package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.discovery.Tables.IncludeObject;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables made from recorded objects against what the original made of them. */
final class TablesParityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "certificatesigningrequests.certificates.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io",
        "configmaps",
        "controllerrevisions.apps",
        "cronjobs.batch",
        "daemonsets.apps",
        "deployments.apps",
        "endpoints",
        "endpointslices.discovery.k8s.io",
        "events",
        "horizontalpodautoscalers.autoscaling",
        "jobs.batch",
        "leases.coordination.k8s.io",
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "persistentvolumes",
        "poddisruptionbudgets.policy",
        "pods",
        "replicasets.apps",
        "replicationcontrollers",
        "resourcequotas",
        "secrets",
        "serviceaccounts",
        "services",
        "statefulsets.apps",
        "storageclasses.storage.k8s.io"
      })
  void tableIsAsRecorded(String name) {
    JsonNode recorded = Recorded.read("tables/" + name + ".json");
    Kind kind =
        KindTable.standard()
            .ofKind(recorded.path("apiVersion").asText(), recorded.path("kind").asText())
            .orElseThrow();
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("kind", kind.kind() + "List");
    list.set("metadata", recorded.path("metadata"));
    ArrayNode items = list.putArray("items");
    recorded.path("rows").forEach(row -> items.add(row.path("object")));

    ObjectNode table =
        Tables.table(
            kind, list, IncludeObject.METADATA, Instant.parse(recorded.path("now").asText()));

    assertThat(table.path("metadata")).isEqualTo(recorded.path("metadata"));
    assertThat(withoutDescriptions(table)).isEqualTo(recorded.path("columns"));
    assertThat(table.path("rows")).hasSize(items.size());
    for (int i = 0; i < items.size(); i++) {
      JsonNode row = table.path("rows").get(i);
      assertThat(row.path("cells").toString())
          .isEqualTo(recorded.path("rows").get(i).path("cells").toString());
      assertThat(row.path("object").path("kind").asText()).isEqualTo("PartialObjectMetadata");
      assertThat(row.path("object").path("metadata")).isEqualTo(items.get(i).path("metadata"));
    }
  }

  private static JsonNode withoutDescriptions(JsonNode table) {
    JsonNode columns = table.path("columnDefinitions").deepCopy();
    for (JsonNode column : columns) {
      assertThat(((ObjectNode) column).remove("description").asText()).isNotBlank();
    }
    return columns;
  }
}
