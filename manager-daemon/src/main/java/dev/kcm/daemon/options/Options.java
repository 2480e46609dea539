package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.logs.LogConfig;
import java.util.SortedMap;

/**
 * All settings of the program, checked.
 *
 * @param generic what all controllers share
 * @param controllers which controllers are wanted
 * @param client the connection to the API server
 * @param leaderElection the election
 * @param leaderMigration the second lease
 * @param cluster facts about the cluster
 * @param featureGates the gates in force
 * @param debugging profiling
 * @param serving the HTTPS server
 * @param authentication how its clients are recognized
 * @param authorization what they may read
 * @param metrics which metrics are shown
 * @param logs how the program logs
 * @param settings single controllers
 * @param version the release to report
 * @param checkConfig whether to stop after showing the settings
 * @param flags the values as given, for {@code /flagz} and the log
 */
public record Options(
    GenericConfig generic,
    ControllerSelection controllers,
    ClientConfig client,
    LeaderElectionConfig leaderElection,
    LeaderMigrationConfig leaderMigration,
    ClusterConfig cluster,
    FeatureGates featureGates,
    DebuggingConfig debugging,
    ServingConfig serving,
    AuthenticationConfig authentication,
    AuthorizationConfig authorization,
    MetricsConfig metrics,
    LogConfig logs,
    ControllerSettings settings,
    ProductVersion version,
    boolean checkConfig,
    FlagValues flags) {

  /** All values in force as text, by the name of their flag. */
  public SortedMap<String, String> printed() {
    return flags.printed();
  }
}
