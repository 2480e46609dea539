package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.options.ControllerName.Start;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSelectionTest {

  private static ControllerSelection of(String entries) {
    return ControllerSelection.of(List.of(entries.split(",", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | job-controller | true",
        "* | bootstrap-signer-controller | false",
        "* | token-cleaner-controller | false",
        "* | selinux-warning-controller | false",
        "*,bootstrapsigner,tokencleaner | bootstrap-signer-controller | true",
        "bootstrapsigner,* | bootstrap-signer-controller | true",
        "*,-job | job-controller | false",
        "-job-controller,* | job-controller | false",
        "-job,job | job-controller | false",
        "job,-job | job-controller | true",
        "job | job-controller | true",
        "job | cronjob-controller | false",
        "-ttl | ttl-controller | false",
        "-ttl | job-controller | false",
        "podgc | pod-garbage-collector-controller | true",
        "* | no-such-controller | true",
      })
  void firstEntryThatNamesAControllerDecides(String entries, String controller, boolean selected) {
    assertThat(of(entries).isSelected(controller)).isEqualTo(selected);
  }

  @Test
  void replacesAliasesByCanonicalNames() {
    assertThat(of("deployment,-job,-cronjob-controller,podgc,*").entries())
        .containsExactly(
            "deployment-controller",
            "-job-controller",
            "-cronjob-controller",
            "pod-garbage-collector-controller",
            "*");
  }

  @Test
  void namesAllUnknownControllersWithoutTheirMinus() {
    assertThat(of("*,foo,-bar,service,job").problems())
        .containsExactly(
            "\"foo\" is not in the list of known controllers",
            "\"bar\" is not in the list of known controllers");
    assertThat(of("").problems()).containsExactly("\"\" is not in the list of known controllers");
  }

  @Test
  void tableHoldsFiftyNamesOfWhichThreeBelongToClouds() {
    assertThat(ControllerNames.table()).hasSize(50);
    assertThat(ControllerNames.table().stream().filter(n -> n.start() == Start.CLOUD)).hasSize(3);
    assertThat(ControllerNames.offByDefault())
        .containsExactly(
            "bootstrap-signer-controller",
            "selinux-warning-controller",
            "token-cleaner-controller");
    assertThat(ControllerNames.table().stream().map(ControllerName::canonical))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.endsWith("-controller"));
  }

  @Test
  void findsControllersByAliasAndByName() {
    assertThat(ControllerNames.find("nodeipam"))
        .isEqualTo(ControllerNames.find("node-ipam-controller"));
    assertThat(ControllerNames.find("nodeipam").orElseThrow().serviceAccount())
        .isEqualTo("node-controller");
    assertThat(ControllerNames.find("svm").orElseThrow().gates())
        .containsExactly("StorageVersionMigrator", "InformerResourceVersion");
    assertThat(ControllerNames.find("-")).isEmpty();
  }

  @Test
  void everyGateAControllerNeedsExists() {
    FeatureGates gates = FeatureGates.defaults();
    List<String> known = gates.all().stream().map(FeatureGate::name).toList();
    assertThat(ControllerNames.table().stream().flatMap(name -> name.gates().stream()))
        .isSubsetOf(known);
  }

  @Test
  void fortyOneControllersRunWithTheListOfTheRecordedCluster() {
    ControllerSelection selection = of("*,bootstrapsigner,tokencleaner");
    FeatureGates gates = FeatureGates.defaults();
    assertThat(
            ControllerNames.table().stream()
                .filter(name -> name.start() != Start.CLOUD)
                .filter(name -> selection.isSelected(name.canonical()))
                .filter(name -> name.gates().stream().allMatch(gates::isEnabled)))
        .as("40 run without address allocation, which leaves node-ipam out")
        .hasSize(41);
  }
}
