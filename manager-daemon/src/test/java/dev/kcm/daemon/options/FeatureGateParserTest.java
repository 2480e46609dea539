package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.flags.FlagTypes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureGateParserTest {

  private static FeatureGateParser.Outcome parse(String version, String gates) {
    return FeatureGateParser.parse(
        version.isEmpty() ? List.of() : List.of(version.split(";", -1)),
        FlagTypes.COMPONENT_SETTINGS.reader().read(gates));
  }

  @ParameterizedTest
  @CsvSource({
    "APIServerIdentity, true",
    "StorageVersionAPI, false",
    "DynamicResourceAllocation, true",
    "VolumeAttributesClass, true",
    "ClusterTrustBundle, false",
    "SELinuxChangePolicy, true",
    "MultiCIDRServiceAllocator, true",
    "SeparateTaintEvictionController, true",
    "JobManagedBy, true",
    "MaxUnavailableStatefulSet, false",
    "PodLevelResources, true",
    "CoordinatedLeaderElection, false",
    "WatchListClient, true",
    "InOrderInformers, true",
    "ClientsAllowCBOR, false",
    "RemoteRequestHeaderUID, true",
    "RotateKubeletServerCertificate, true",
    "NoSuchGate, false",
  })
  void knowsTheDefaults(String gate, boolean enabled) {
    assertThat(FeatureGates.defaults().isEnabled(gate)).isEqualTo(enabled);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Foo=true | unrecognized feature gate: Foo",
        "JobManagedBy | missing bool value for JobManagedBy",
        "JobManagedBy=maybe | invalid value of JobManagedBy=maybe, err: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "SidecarContainers=false | cannot set feature gate SidecarContainers to false, feature is locked to true",
        "kube:ComponentFlagz=true,JobManagedBy=true | --feature-gates: set kube feature gates with default empty prefix or kube: prefix consistently, do not mix use",
        "scheduler:ComponentFlagz=true | --feature-gates: component not registered: scheduler",
      })
  void refusesBadSettingsInUpstreamsWords(String setting, String problem) {
    assertThat(parse("", setting).problems()).containsExactly(problem);
  }

  @Test
  void collectsAllProblems() {
    assertThat(parse("1.20", "Foo=true,Bar=false,JobManagedBy").problems()).hasSize(4);
  }

  @Test
  void laterSettingsOfAGateWin() {
    assertThat(parse("", "JobManagedBy=false,JobManagedBy=true").gates().isEnabled("JobManagedBy"))
        .isTrue();
    assertThat(parse("", "kube:ComponentFlagz=1").gates().isEnabled("ComponentFlagz")).isTrue();
  }

  @Test
  void wholeStagesYieldToSingleGatesInAnyOrder() {
    FeatureGates gates = parse("", "ComponentFlagz=false,AllAlpha=true,AllBeta=false").gates();
    assertThat(gates.isEnabled("ComponentFlagz")).isFalse();
    assertThat(gates.isEnabled("ComponentStatusz")).isTrue();
    assertThat(gates.isEnabled("JobManagedBy")).isFalse();
    assertThat(gates.isEnabled("SidecarContainers")).isTrue();
  }

  @Test
  void settingAGraduatedGateOnlyWarns() {
    FeatureGateParser.Outcome outcome = parse("", "SidecarContainers=true");
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.warnings())
        .containsExactly(
            "Setting GA feature gate SidecarContainers=true."
                + " It will be removed in a future release.");
  }

  @Test
  void gatesDroppedAfterGraduationOnlyWarn() {
    FeatureGateParser.Outcome outcome =
        parse("", "EndpointSlice=true,TTLAfterFinished=true,PodPriority=false");
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.warnings())
        .hasSize(3)
        .allMatch(warning -> warning.contains("has no effect"));
  }

  @Test
  void rotateKubeletServerCertificateOfOldUnitFilesIsKnown() {
    FeatureGateParser.Outcome outcome = parse("", "RotateKubeletServerCertificate=true");
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.warnings()).isEmpty();
  }

  @Test
  void emulatedVersionSelectsTheDefaults() {
    assertThat(parse("1.33", "").gates().isEnabled("DynamicResourceAllocation")).isFalse();
    assertThat(parse("kube=1.32", "").gates().isEnabled("MultiCIDRServiceAllocator")).isFalse();
    assertThat(parse("v1.31", "").gates().emulatedVersion()).isEqualTo("1.31");
    assertThat(parse("1.33", "PodCertificateRequest=true").problems())
        .containsExactly(
            "cannot set feature gate PodCertificateRequest to true,"
                + " feature is PreAlpha at emulated version 1.33");
  }

  @ParameterizedTest
  @CsvSource({
    "1.30, '--emulated-version: emulation version 1.30 is not between [1.31, 1.34]'",
    "1.33.1, '--emulated-version: patch version not allowed, got: 1.33.1'",
    "next, '--emulated-version: \"next\" is not a version as 1.34'",
    "etcd=3.5, --emulated-version: component not registered: etcd",
    "1.33;1.34, '--emulated-version: duplicate version flag, give it once, got 1.33 and 1.34'",
  })
  void refusesOtherVersions(String version, String problem) {
    assertThat(parse(version, "").problems()).containsExactly(problem);
  }

  @Test
  void listsEveryGateForMetrics() {
    assertThat(FeatureGates.defaults().all())
        .hasSizeGreaterThan(200)
        .extracting(FeatureGate::name)
        .isSorted();
    assertThat(FeatureGates.defaults().all().stream().map(gate -> gate.stage().label()).distinct())
        .containsExactlyInAnyOrder("ALPHA", "BETA", "", "DEPRECATED");
  }
}
