package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

  private static final CommandLine COMMAND_LINE = CommandLine.of(ProductVersion.current(), 80);

  @TempDir Path dir;

  private static CommandLine.Result parse(String... args) {
    return COMMAND_LINE.parse(List.of(args));
  }

  private static CommandLine.Parsed parsed(List<String> args) {
    CommandLine.Result result = COMMAND_LINE.parse(args);
    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    return (CommandLine.Parsed) result;
  }

  private static List<String> problems(String... args) {
    CommandLine.Result result = parse(args);
    assertThat(result).isInstanceOf(CommandLine.Failed.class);
    return ((CommandLine.Failed) result).problems();
  }

  private CommandLine.Parsed recorded(String resource) {
    List<String> args = TestFiles.commandLine(resource, dir);
    TestFiles.createFiles(args, dir);
    return parsed(args);
  }

  @Test
  void startsWithoutArguments() {
    CommandLine.Parsed parsed = parsed(List.of());
    assertThat(parsed.warnings()).isEmpty();
    assertThat(parsed.options().leaderElection().enabled()).isTrue();
    assertThat(parsed.options().serving().port()).isEqualTo(10257);
    assertThat(parsed.options().settings().replicaSet().concurrentSyncs()).isEqualTo(5);
    assertThat(parsed.options().checkConfig()).isFalse();
  }

  @Test
  void helpHasAllGroupsAndFitsTheTerminal() {
    CommandLine.Result result = parse("--help", "--kube-api-burst=0");
    assertThat(result).isInstanceOf(CommandLine.Help.class);
    String text = ((CommandLine.Help) result).text();
    assertThat(text)
        .contains("Usage:\n  kube-controller-manager [flags]\n")
        .contains("\nDebugging flags:\n")
        .contains("\nHorizontal-pod-autoscaler-controller flags:\n")
        .contains("  -v, --v Level\n")
        .contains("      --version version[=true]\n")
        .contains("      --secure-port int\n")
        .contains("(default 10257)")
        .doesNotContain("--port ")
        .doesNotContain("--node-sync-period");
    assertThat(text.lines().filter(line -> line.contains(" ")).filter(line -> line.length() > 80))
        .allMatch(line -> line.strip().indexOf(' ') < 0 || line.strip().startsWith("--"));
  }

  @ParameterizedTest
  @CsvSource({"--version, TEXT", "--version=raw, RAW", "--version=json, JSON", "--version=1, TEXT"})
  void answersTheVersion(String arg, CommandLine.Version.Format format) {
    CommandLine.Result result = parse(arg);
    assertThat(result).isInstanceOf(CommandLine.Version.class);
    CommandLine.Version version = (CommandLine.Version) result;
    assertThat(version.format()).isEqualTo(format);
    assertThat(version.text()).contains("v1.34.");
  }

  @Test
  void versionWithANumberOnlyChangesWhatIsReported() {
    assertThat(parsed(List.of("--version=v1.34.9")).options().version().line())
        .isEqualTo("Kubernetes v1.34.9");
    assertThat(problems("--version=v1.30.0"))
        .containsExactly(
            "invalid argument \"v1.30.0\" for \"--version\" flag:"
                + " the version must be one of release 1.34, as v1.34.1");
  }

  @Test
  void checkConfigIsASetting() {
    assertThat(parsed(List.of("--check-config")).options().checkConfig()).isTrue();
  }

  @Test
  @DisplayName("A5: an unknown flag, a bad controller and a bad worker count are reported together")
  void reportsEverythingAtOnce() {
    CommandLine.Result result =
        parse("--leader-elct=true", "--controllers=*,foo", "--concurrent-job-syncs=0");
    assertThat(result).isInstanceOf(CommandLine.Failed.class);
    CommandLine.Failed failed = (CommandLine.Failed) result;
    assertThat(failed.problems())
        .containsExactly(
            "unknown flag: --leader-elct (did you mean --leader-elect?)",
            "\"foo\" is not in the list of known controllers",
            "concurrent-job-syncs must be greater than 0, but got 0");
    assertThat(failed.message()).startsWith("[unknown flag: ").endsWith("but got 0]");
    assertThat(failed.hint()).contains("--help");
  }

  @Test
  void oneProblemStandsWithoutBrackets() {
    CommandLine.Result result = parse("--controllers=foo");
    assertThat(((CommandLine.Failed) result).message())
        .isEqualTo("\"foo\" is not in the list of known controllers");
  }

  @Test
  @DisplayName("A1: the unit of three masters, 1.2x")
  void runsTheUnitOfThreeMasters() {
    CommandLine.Parsed parsed = recorded("three-masters-1.2x.args");
    assertThat(parsed.warnings())
        .singleElement()
        .asString()
        .startsWith("Flag --pod-eviction-timeout was removed in 1.27 and is ignored: ")
        .contains("tolerationSeconds");
    Options options = parsed.options();
    assertThat(options.debugging().profiling()).isTrue();
    assertThat(options.client().qps()).isEqualTo(1000f);
    assertThat(options.client().burst()).isEqualTo(2000);
    assertThat(options.authentication().requestHeader().allowedNames())
        .containsExactly("aggregator");
    assertThat(options.authentication().requestHeader().extraHeaderPrefixes())
        .containsExactly("X-Remote-Extra-");
    assertThat(options.settings().csrSigning().duration()).isEqualTo(Duration.ofDays(36_500));
    assertThat(options.settings().deployment().concurrentSyncs()).isEqualTo(10);
    assertThat(options.settings().garbageCollector().concurrentSyncs()).isEqualTo(30);
    assertThat(options.settings().podGarbageCollector().terminatedPodThreshold()).isEqualTo(10000);
    assertThat(options.cluster().useServiceAccountCredentials()).isTrue();
    assertThat(options.controllers().isSelected("bootstrap-signer-controller")).isTrue();
    assertThat(options.logs().verbosity()).isEqualTo(4);
  }

  @Test
  @DisplayName("A2: the unit of three masters, 1.10")
  void runsTheOldestUnit() {
    CommandLine.Parsed parsed = recorded("three-masters-1.10.args");
    assertThat(parsed.warnings())
        .extracting(warning -> warning.split(" ", 3)[1])
        .containsExactly(
            "--port",
            "--experimental-cluster-signing-duration",
            "--horizontal-pod-autoscaler-use-rest-clients",
            "--alsologtostderr",
            "--logtostderr",
            "--log-dir");
    Options options = parsed.options();
    assertThat(options.serving().bindAddress().getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(options.serving().port()).isEqualTo(10252);
    assertThat(options.settings().csrSigning().duration()).isEqualTo(Duration.ofDays(365));
    assertThat(options.logs().dir()).endsWith("/var/log/kubernetes");
    assertThat(options.featureGates().isEnabled("RotateKubeletServerCertificate")).isTrue();
  }

  @Test
  @DisplayName("A3: the static pod of 1.18")
  void runsTheStaticPod() {
    CommandLine.Parsed parsed = recorded("static-pod-1.18.args");
    assertThat(parsed.warnings())
        .containsExactly(
            "Flag --port was removed in 1.24 and is ignored:"
                + " there is no plain HTTP server, it can be left out");
    Options options = parsed.options();
    assertThat(options.debugging().profiling()).isFalse();
    assertThat(options.settings().podGarbageCollector().terminatedPodThreshold()).isEqualTo(10);
    assertThat(options.cluster().allocateNodeCidrs()).isTrue();
    assertThat(options.settings().nodeIpam().maskSize()).isEqualTo(24);
  }

  @Test
  @DisplayName("A4: the Deployment of 1.30")
  void runsTheDeployment() {
    CommandLine.Parsed parsed = recorded("deployment-1.30.args");
    assertThat(parsed.warnings()).isEmpty();
    assertThat(parsed.options().serving().port()).isEqualTo(10357);
    assertThat(parsed.options().logs().verbosity()).isEqualTo(6);
  }

  @Test
  void theNewNameOfTheSigningDurationWins() {
    List<String> args =
        List.of("--experimental-cluster-signing-duration=1h", "--cluster-signing-duration=2h");
    assertThat(parsed(args).options().settings().csrSigning().duration())
        .isEqualTo(Duration.ofHours(2));
    assertThat(parsed(args.subList(0, 1)).options().settings().csrSigning().duration())
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void everyRemovedFlagIsAcceptedWithOneWarning() {
    List<String> args = new ArrayList<>();
    COMMAND_LINE.table().flags().stream()
        .filter(flag -> flag.isRemoved())
        .forEach(flag -> args.add("--" + flag.name() + "=" + flag.type().bare()));
    args.replaceAll(arg -> arg.startsWith("--experimental") ? arg + "1h" : arg);
    args.replaceAll(arg -> arg.startsWith("--log-file-max") ? arg + "9" : arg);
    CommandLine.Parsed parsed = parsed(args);
    assertThat(parsed.warnings()).hasSameSizeAs(args).allMatch(w -> w.contains(" was removed in "));
  }

  @ParameterizedTest
  @CsvSource({"120, 120", "'', 80", "x, 80", "0, 80", "-5, 80", "99999, 80"})
  void takesTheWidthFromTheEnvironment(String variable, int columns) {
    assertThat(CommandLine.columnsOf(variable)).isEqualTo(columns);
  }
}
