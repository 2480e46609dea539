package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.lease.Coordination;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.FeatureGates;
import dev.kcm.daemon.options.ProductVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionsTest {

  @Test
  void electionsAreCoordinatedWhereTheGateIsOn() {
    assertThat(Elections.coordination(FeatureGates.defaults())).isNull();
    assertThat(Elections.coordination(gates("--feature-gates=CoordinatedLeaderElection=true")))
        .isEqualTo(new Coordination("1.34.0", "1.34.0"));
    assertThat(
            Elections.coordination(
                gates("--feature-gates=CoordinatedLeaderElection=true", "--emulated-version=1.33")))
        .isEqualTo(new Coordination("1.34.0", "1.33.0"));
  }

  private static FeatureGates gates(String... args) {
    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(List.of(args));
    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    return ((CommandLine.Parsed) result).options().featureGates();
  }
}
