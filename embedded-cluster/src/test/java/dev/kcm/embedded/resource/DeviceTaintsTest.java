package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTaintsTest {

  private static final String RULES = "/apis/resource.k8s.io/v1alpha3/devicetaintrules";
  private static final String SLICES = "/apis/resource.k8s.io/v1/resourceslices";

  private final Cluster cluster = new Cluster(b -> b.kinds(KindTable.standardAndAlpha()));

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void rulesAreServedOnlyWhereAlphaIsAskedFor() {
    assertThat(KindTable.standard().ofKind("resource.k8s.io/v1alpha3", "DeviceTaintRule"))
        .isEmpty();
    assertThat(cluster.get(RULES).path("kind").asText()).isEqualTo("DeviceTaintRuleList");
  }

  @Test
  void taintsAreDatedWhenTheyAreNot() {
    String now = Meta.time(cluster.time.clock().instant());
    JsonNode rule = cluster.post(RULES, rule("{key: 'broken', effect: 'NoExecute'}"));
    assertThat(rule.at("/spec/taint/timeAdded").asText()).isEqualTo(now);
    assertThat(rule.at("/metadata/generation").asInt()).isEqualTo(1);

    JsonNode slice =
        cluster.post(
            SLICES,
            """
            {metadata: {name: 's'}, spec: {driver: 'd', pool: {name: 'p', generation: 1,
             resourceSliceCount: 1}, nodeName: 'n', devices: [{name: 'ok'}, {name: 'x', taints: [
              {key: 'old', effect: 'NoExecute', timeAdded: '2025-01-01T00:00:00Z'},
              {key: 'new', effect: 'NoSchedule'}]}]}}
            """);
    assertThat(slice.at("/spec/devices/1/taints/0/timeAdded").asText())
        .isEqualTo("2025-01-01T00:00:00Z");
    assertThat(slice.at("/spec/devices/1/taints/1/timeAdded").asText()).isEqualTo(now);
  }

  @Test
  void selectorsOfRulesAreKept() {
    JsonNode rule = cluster.post(RULES, rule("{key: 'broken', effect: 'NoExecute'}"));
    ObjectNode selecting =
        Cluster.edit(
            rule,
            """
            {spec: {deviceSelector: {deviceClassName: 'c', driver: 'd', pool: 'p', device: 'x',
             selectors: [{cel: {expression: 'true'}}]}}}
            """);
    JsonNode changed = cluster.put(RULES + "/r", selecting);
    assertThat(changed.at("/spec/deviceSelector/selectors/0/cel/expression").asText())
        .isEqualTo("true");
    assertThat(changed.at("/spec/deviceSelector/deviceClassName").asText()).isEqualTo("c");
    assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: 'k'}                           | spec.taint.effect: Required value",
        "{key: 'k', effect: 'PreferNo'}       | spec.taint.effect: Unsupported value: \"PreferNo\"",
        "{effect: 'NoExecute'}                | spec.taint.key: Invalid value: \"\"",
        "{key: 'k', value: '!', effect: 'NoExecute'} | spec.taint.value: Invalid value: \"!\"",
      })
  void taintsThatAreNoneAreRefused(String taint, String problem) {
    StatusException refusal = Cluster.refusal(() -> cluster.post(RULES, rule(taint)));
    assertThat(refusal.getMessage()).contains(problem);
  }

  private static String rule(String taint) {
    return "{metadata: {name: 'r'}, spec: {taint: " + taint + "}}";
  }
}
