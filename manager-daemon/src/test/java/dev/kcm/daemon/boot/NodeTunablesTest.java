package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTunablesTest {

  private final Problems problems = new Problems();

  @Test
  void withoutFlagsTheyAreThoseOfUpstream() throws Exception {
    assertThat(NodeTunables.lifecycle(options(), problems))
        .isEqualTo(NodeLifecycleConfig.defaults());
    assertThat(NodeTunables.ipam(options(), problems).clusterRanges()).isEmpty();
    problems.throwIfAny();
  }

  @Test
  void flagsOfTheLifecycleReachTheController() {
    NodeLifecycleConfig config =
        NodeTunables.lifecycle(
            options(
                "--node-monitor-grace-period=4s",
                "--node-startup-grace-period=6s",
                "--node-eviction-rate=1.5",
                "--secondary-node-eviction-rate=0.3",
                "--large-cluster-size-threshold=7",
                "--unhealthy-zone-threshold=0.7"),
            problems);
    assertThat(config)
        .isEqualTo(
            new NodeLifecycleConfig(
                Duration.ofSeconds(4), Duration.ofSeconds(6), 1.5, 0.3, 7, 0.7));
  }

  @Test
  void saysWhatTheLifecycleCannotUse() {
    NodeLifecycleConfig unused =
        NodeTunables.lifecycle(
            options("--node-monitor-grace-period=0s", "--node-eviction-rate=-1"), problems);
    assertThat(unused).isEqualTo(NodeLifecycleConfig.defaults());
    assertThatThrownBy(problems::throwIfAny)
        .hasMessageContaining(
            "--node-monitor-grace-period is PT0S, allowed: more than 0; --node-eviction-rate is"
                + " -1.0, allowed: 0 or more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--cluster-cidr=10.0.0.0/16 | 10.0.0.0/16 24",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size=25 | 10.0.0.0/16 25",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size-ipv4=26 | 10.0.0.0/16 26",
        "--cluster-cidr=fd00::/56 | fd00::/56 64",
        "--cluster-cidr=fd00::/48,10.0.0.0/16 --node-cidr-mask-size-ipv4=28"
            + " | fd00::/48 64;10.0.0.0/16 28",
        "--cluster-cidr=10.0.0.0/8 --node-cidr-mask-size=26 | 10.0.0.0/8 26",
        "--cluster-cidr=10.0.0.0/16 --controllers=*,-nodeipam | ~~",
      })
  @DisplayName(
      "Effective mask: generic flag, else family flag, else default, in order of the CIDRs")
  void rangesReachTheController(String args, String expected) {
    String all = "--allocate-node-cidrs " + args;
    List<String> ranges =
        NodeTunables.ipam(options(all.split(" ", -1)), problems).clusterRanges().stream()
            .map(NodeTunablesTest::text)
            .toList();
    assertThat(String.join(";", ranges)).isEqualTo(expected);
  }

  @Test
  void rangesOfServicesReachTheController() {
    Options options =
        options(
            "--allocate-node-cidrs",
            "--cluster-cidr=10.0.0.0/8",
            "--service-cluster-ip-range=10.96.0.0/12,fd00::/108");
    assertThat(NodeTunables.ipam(options, problems).serviceRanges())
        .containsExactly("10.96.0.0/12", "fd00::/108");
  }

  private static String text(ClusterRange range) {
    return range.cidr() + " " + range.nodeMask();
  }

  private static Options options(String... args) {
    CommandLine.Result parsed = CommandLine.of(ProductVersion.current(), 80).parse(List.of(args));
    return ((CommandLine.Parsed) parsed).options();
  }
}
