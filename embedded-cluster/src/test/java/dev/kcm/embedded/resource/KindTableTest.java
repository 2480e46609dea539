package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.resource.Kind.Trait;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KindTableTest {

  private final KindTable table = KindTable.standard();

  @Test
  void findsAKindByResourceAndByName() {
    Kind scaled = table.find("apps", "v1", "deployments").orElseThrow();
    assertThat(scaled).isSameAs(table.ofKind("apps/v1", "Deployment").orElseThrow());
    assertThat(scaled.shortNames()).containsExactly("deploy");
    assertThat(scaled.categories()).containsExactly("all");
    assertThat(scaled.namespaced()).isTrue();
    assertThat(scaled.verbs()).hasSize(8);
    assertThat(scaled.subresources())
        .containsExactly(
            new Kind.Subresource(
                "scale", "autoscaling", "v1", "Scale", List.of("get", "patch", "update")),
            new Kind.Subresource(
                "status", "", "", "Deployment", List.of("get", "patch", "update")));
  }

  @Test
  void knowsNothingOfOtherVersions() {
    assertThat(table.find("apps", "v1beta1", "deployments")).isEmpty();
    assertThat(table.ofKind("v1", "Deployment")).isEmpty();
  }

  @Test
  void hasUniqueResourcesAndPreferredVersionsFirst() {
    assertThat(table.all()).doesNotHaveDuplicates().hasSizeGreaterThan(60);
    assertThat(table.all().stream().filter(k -> k.group().equals("autoscaling")))
        .extracting(Kind::version)
        .containsExactly("v2", "v1");
    assertThat(table.all().get(0).apiVersion()).isEqualTo("v1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ORPHANS_BY_DEFAULT | jobs replicationcontrollers
          CREATE_ON_UPDATE   | clusterrolebindings clusterroles endpoints events events leases limitranges rolebindings roles runtimeclasses services
          VIRTUAL            | bindings localsubjectaccessreviews selfsubjectaccessreviews selfsubjectreviews selfsubjectrulesreviews subjectaccessreviews tokenreviews
          VERSION_REQUIRED   | apiservices csidrivers csinodes csistoragecapacities customresourcedefinitions leases mutatingwebhookconfigurations poddisruptionbudgets runtimeclasses validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations volumeattachments
          """)
  void givesEachTraitToItsKinds(Trait trait, String plurals) {
    assertThat(
            table.all().stream()
                .filter(kind -> kind.has(trait))
                .map(Kind::plural)
                .sorted()
                .collect(Collectors.joining(" ")))
        .isEqualTo(plurals);
  }

  @ParameterizedTest
  @CsvSource({
    "'',pods,true",
    "apps,deployments,true",
    "batch,jobs,true",
    "'',services,false",
    "'',nodes,false",
    "'',endpoints,false",
    "discovery.k8s.io,endpointslices,true",
    "coordination.k8s.io,leases,false",
    "policy,poddisruptionbudgets,true"
  })
  void countsGenerationsOfSomeKinds(String group, String plural, boolean counted) {
    assertThat(table.find(group, "v1", plural).orElseThrow().has(Trait.GENERATION))
        .isEqualTo(counted);
  }
}
