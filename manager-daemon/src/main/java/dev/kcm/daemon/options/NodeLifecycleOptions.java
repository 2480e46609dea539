package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Health of nodes.
 *
 * <p><i>Immutable.</i>
 */
final class NodeLifecycleOptions implements OptionGroup<NodeLifecycleConfig> {

  private static final Flag<Float> EVICTION =
      Flag.of(
          "node-eviction-rate",
          FlagTypes.FLOAT32,
          0.1f,
          "Nodes per second whose pods are evicted in a healthy zone.");

  private static final Flag<Float> SECONDARY =
      Flag.of(
          "secondary-node-eviction-rate",
          FlagTypes.FLOAT32,
          0.01f,
          "Nodes per second whose pods are evicted in an unhealthy zone that is large; in a small one it is 0.");

  private static final Flag<Duration> STARTUP =
      Flag.duration("node-startup-grace-period", "1m", "Time a starting node may be silent.");

  private static final Flag<Duration> MONITOR =
      Flag.duration(
          "node-monitor-grace-period",
          "50s",
          "Time a running node may be silent before it counts as unhealthy.");

  private static final Flag<Integer> LARGE =
      Flag.int32(
          "large-cluster-size-threshold",
          50,
          "Number of nodes up to which a zone counts as small.");

  private static final Flag<Float> UNHEALTHY =
      Flag.of(
          "unhealthy-zone-threshold",
          FlagTypes.FLOAT32,
          0.55f,
          "Share of unhealthy nodes, at least three, that makes a zone unhealthy.");

  private static final Flag<Duration> POD_EVICTION =
      Flag.duration("pod-eviction-timeout", "5m", "Without effect.")
          .ignoredSince(
              "1.27",
              "pods leave after the tolerationSeconds of their not-ready and unreachable tolerations,"
                  + " whose defaults the API server sets with"
                  + " --default-not-ready-toleration-seconds and"
                  + " --default-unreachable-toleration-seconds");

  private static final Flag<Boolean> TAINT_MANAGER =
      Flag.bool("enable-taint-manager", true, "Without effect.")
          .ignoredSince(
              "1.27",
              text ->
                  "pods are always evicted by taints, to switch that off use"
                      + " --controllers=*,-taint-eviction-controller");

  private static final Flag<Float> DELETING_QPS =
      Flag.of("deleting-pods-qps", FlagTypes.FLOAT32, 0.1f, "Without effect.")
          .ignoredSince("1.25", "use --node-eviction-rate");

  private static final Flag<Integer> DELETING_BURST =
      Flag.int32("deleting-pods-burst", 0, "Without effect.")
          .ignoredSince("1.25", "use --node-eviction-rate");

  private static final Flag<Integer> REGISTER_RETRIES =
      Flag.int32("register-retry-count", 10, "Without effect.")
          .ignoredSince("1.25", "it has no replacement and can be left out");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "node-lifecycle-controller",
            EVICTION,
            SECONDARY,
            STARTUP,
            MONITOR,
            LARGE,
            UNHEALTHY,
            POD_EVICTION,
            TAINT_MANAGER,
            DELETING_QPS,
            DELETING_BURST,
            REGISTER_RETRIES));
  }

  @Override
  public NodeLifecycleConfig read(FlagValues values) {
    return new NodeLifecycleConfig(
        values.get(EVICTION),
        values.get(SECONDARY),
        values.get(STARTUP),
        values.get(MONITOR),
        values.get(LARGE),
        values.get(UNHEALTHY));
  }
}
