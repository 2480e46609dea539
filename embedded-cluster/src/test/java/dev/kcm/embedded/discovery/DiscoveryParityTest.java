package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.KindTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DiscoveryParityTest {

  private final Discovery discovery = Discovery.of(KindTable.standard());

  @Test
  void aggregatedCoreIsAsRecorded() {
    assertThat(discovery.aggregatedCore()).isEqualTo(Recorded.read("recorded/aggregated-api.json"));
  }

  @Test
  void aggregatedGroupsAreAsRecorded() {
    assertThat(discovery.aggregatedGroups())
        .isEqualTo(Recorded.read("recorded/aggregated-apis.json"));
  }

  @Test
  void groupsAreAsRecorded() {
    assertThat(discovery.apiGroups()).isEqualTo(Recorded.read("recorded/apis.json"));
  }

  static Stream<String> groupVersions() {
    return Recorded.read("recorded/resources.json").propertyStream().map(e -> e.getKey());
  }

  @ParameterizedTest
  @MethodSource("groupVersions")
  void resourcesAreAsRecorded(String groupVersion) {
    int slash = groupVersion.indexOf('/');
    String group = slash < 0 ? "" : groupVersion.substring(0, slash);
    String version = groupVersion.substring(slash + 1);
    assertThat(discovery.resources(group, version))
        .contains(Recorded.read("recorded/resources.json").get(groupVersion));
  }

  @Test
  void answersNothingForWhatIsNotServed() {
    assertThat(discovery.resources("apps", "v1beta1")).isEmpty();
    assertThat(discovery.resources("nope.io", "v1")).isEmpty();
    assertThat(discovery.apiGroup("nope.io")).isEmpty();
    assertThat(discovery.apiGroup("")).isEmpty();
  }

  @Test
  void describesOneGroup() {
    JsonNode group = discovery.apiGroup("autoscaling").orElseThrow();
    assertThat(group.path("kind").asText()).isEqualTo("APIGroup");
    assertThat(group.at("/preferredVersion/groupVersion").asText()).isEqualTo("autoscaling/v2");
    assertThat(group.path("versions")).hasSize(2);
  }

  @Test
  void servesVersion1OfTheCoreAndKubernetes134() {
    assertThat(discovery.apiVersions().path("versions").path(0).asText()).isEqualTo("v1");
    assertThat(discovery.version().path("gitVersion").asText()).matches("v1\\.34\\.\\d+");
    assertThat(discovery.version().path("minor").asText()).isEqualTo("34");
  }
}
