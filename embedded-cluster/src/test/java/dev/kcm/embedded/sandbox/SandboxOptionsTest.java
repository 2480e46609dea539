package dev.kcm.embedded.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxOptionsTest {

  private static final Path LAUNCHER = Path.of("bin/kube-controller-manager");

  @Test
  void withoutWordsItIsThreeNodesAndThreeManagersOnTheUsualPorts() {
    assertThat(parse().options())
        .hasValue(
            new SandboxOptions(
                false,
                Path.of("sandbox-data"),
                false,
                6443,
                10257,
                6444,
                3,
                3,
                LAUNCHER,
                List.of()));
  }

  @Test
  void valuesStandBehindASpaceOrAnEqualsSign() {
    assertThat(
            parse(
                    "demo",
                    "--data-dir=/tmp/x",
                    "--apiserver-port",
                    "7443",
                    "--manager-port=11000",
                    "--ui-port=0",
                    "--nodes",
                    "5",
                    "--managers=4")
                .options())
        .hasValue(
            new SandboxOptions(
                true, Path.of("/tmp/x"), false, 7443, 11000, 0, 5, 4, LAUNCHER, List.of()));
  }

  @Test
  void aDirectoryOfOnesOwnKeepsObjectsUnlessItIsTheDemo() {
    assertThat(parse("--data-dir=x").options().orElseThrow().keep()).isTrue();
    assertThat(parse("--data-dir=x", "demo").options().orElseThrow().keep()).isFalse();
  }

  @Test
  void nodesAndManagersMayBeNone() {
    SandboxOptions options = parse("--nodes=0", "--managers=0").options().orElseThrow();

    assertThat(options.nodes()).isZero();
    assertThat(options.managers()).isZero();
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThat(parse("--nodes=-1", "--managers=ten", "--bogus", "x", "--apiserver-port").problems())
        .containsExactly(
            "--nodes: \"-1\" is not a whole number from 0 to 1000",
            "--managers: \"ten\" is not a whole number from 0 to 9",
            "unknown word \"--bogus\"; allowed: demo, exec and the options of --help",
            "unknown word \"x\"; allowed: demo, exec and the options of --help",
            "--apiserver-port needs a value");
  }

  @Test
  void portsMustNotMeetAndTheDemoNeedsACrew() {
    assertThat(parse("demo", "--apiserver-port=10258", "--managers=2", "--nodes=0").problems())
        .containsExactly(
            "--apiserver-port: 10258 is one of the managers' ports 10257 to 10258",
            "--managers: the demo needs 3 or more, not 2",
            "--nodes: the demo needs 1 or more, not 0");
    assertThat(parse("--ui-port=10259").problems())
        .containsExactly("--ui-port: 10259 is the port of something else here");
    assertThat(parse("--manager-port=65535").problems())
        .containsExactly(
            "--manager-port: 3 managers do not fit above port 65535, allowed: up to 65535");
  }

  @Test
  void allBehindExecBelongsToTheProgram() {
    SandboxOptions options = parse("--nodes=1", "exec", "ls", "--help").options().orElseThrow();

    assertThat(options.nodes()).isOne();
    assertThat(options.command()).containsExactly("ls", "--help");
    assertThat(parse("exec").problems()).containsExactly("exec needs a program to run");
    assertThat(parse("demo", "exec", "ls").problems())
        .containsExactly("demo and exec exclude each other");
  }

  @Test
  void helpWinsOverEverything() {
    SandboxOptions.Outcome outcome = parse("--nodes=many", "--help");

    assertThat(outcome.help()).isTrue();
    assertThat(outcome.problems()).isEmpty();
  }

  private static SandboxOptions.Outcome parse(String... words) {
    return SandboxOptions.parse(List.of(words), LAUNCHER);
  }
}
