package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTable;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoDuration;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All groups of options, in the order of the help and of the checks.
 *
 * <p><i>Immutable.</i>
 */
final class OptionGroups {

  private static final DebuggingOptions DEBUGGING = new DebuggingOptions();
  private static final LeaderMigrationOptions MIGRATION = new LeaderMigrationOptions();
  private static final GenericOptions GENERIC = new GenericOptions();
  private static final LeaderElectionOptions ELECTION = new LeaderElectionOptions();
  private static final ClientOptions CLIENT = new ClientOptions();
  private static final ClusterOptions CLUSTER = new ClusterOptions();
  private static final FeatureOptions FEATURES = new FeatureOptions();
  private static final ServiceOptions SERVICE = new ServiceOptions();
  private static final ServingOptions SERVING = new ServingOptions();
  private static final AuthenticationOptions AUTHENTICATION = new AuthenticationOptions();
  private static final AuthorizationOptions AUTHORIZATION = new AuthorizationOptions();
  private static final AttachDetachOptions ATTACH_DETACH = new AttachDetachOptions();
  private static final CsrSigningOptions CSR_SIGNING = new CsrSigningOptions();
  private static final EndpointOptions ENDPOINT = new EndpointOptions();
  private static final EndpointSliceOptions ENDPOINT_SLICE = new EndpointSliceOptions();
  private static final EndpointSliceMirroringOptions MIRRORING =
      new EndpointSliceMirroringOptions();
  private static final GarbageCollectorOptions GARBAGE = new GarbageCollectorOptions();
  private static final HorizontalPodAutoscalerOptions AUTOSCALER =
      new HorizontalPodAutoscalerOptions();
  private static final LegacyTokenCleanerOptions TOKEN_CLEANER = new LegacyTokenCleanerOptions();
  private static final NamespaceOptions NAMESPACE = new NamespaceOptions();
  private static final NodeIpamOptions NODE_IPAM = new NodeIpamOptions();
  private static final NodeLifecycleOptions NODE_LIFECYCLE = new NodeLifecycleOptions();
  private static final PersistentVolumeBinderOptions BINDER = new PersistentVolumeBinderOptions();
  private static final PodGarbageCollectorOptions POD_GARBAGE = new PodGarbageCollectorOptions();
  private static final ResourceQuotaOptions QUOTA = new ResourceQuotaOptions();
  private static final ServiceAccountOptions SERVICE_ACCOUNT = new ServiceAccountOptions();
  private static final MetricsOptions METRICS = new MetricsOptions();
  private static final LogOptions LOGS = new LogOptions();
  private static final GlobalOptions GLOBAL = new GlobalOptions();

  private static final List<OptionGroup<?>> GENERAL =
      List.of(DEBUGGING, MIGRATION, GENERIC, ELECTION, CLUSTER, FEATURES);

  private static final List<OptionGroup<?>> SERVER =
      List.of(SERVICE, SERVING, AUTHENTICATION, AUTHORIZATION);

  private static final List<OptionGroup<?>> CONTROLLERS =
      List.of(
          ATTACH_DETACH,
          CSR_SIGNING,
          WorkersOptions.DEPLOYMENT,
          WorkersOptions.STATEFUL_SET,
          WorkersOptions.DAEMON_SET,
          ENDPOINT,
          ENDPOINT_SLICE,
          MIRRORING,
          WorkersOptions.EPHEMERAL_VOLUME,
          GARBAGE,
          AUTOSCALER,
          WorkersOptions.JOB,
          WorkersOptions.CRON_JOB,
          TOKEN_CLEANER,
          NAMESPACE,
          NODE_IPAM,
          NODE_LIFECYCLE,
          BINDER,
          POD_GARBAGE,
          WorkersOptions.REPLICA_SET,
          WorkersOptions.REPLICATION_CONTROLLER,
          QUOTA,
          SERVICE_ACCOUNT,
          WorkersOptions.TTL_AFTER_FINISHED,
          WorkersOptions.ADMISSION_POLICY_STATUS);

  /** The client options come late: their first group is printed with the general ones anyway. */
  private static final List<OptionGroup<?>> REST = List.of(METRICS, LOGS, CLIENT, GLOBAL);

  private OptionGroups() {}

  /** What upstream does not have comes last. */
  static FlagTable table() {
    return FlagTable.of(
        Stream.of(GENERAL, SERVER, CONTROLLERS, REST)
            .flatMap(List::stream)
            .flatMap(group -> group.flags().stream())
            .sorted(Comparator.comparing(group -> group.name().equals(FlagGroup.EXTENSION)))
            .toList());
  }

  static GlobalOptions.Request request(FlagValues values) {
    return GLOBAL.read(values);
  }

  /** Checks all values, in the order upstream does: the server after the controllers. */
  static Checks check(FlagTable table, FlagValues values) {
    FeatureGateParser.Outcome gates = FEATURES.parse(values);
    Checks checks =
        new Checks(
            values, ControllerSelection.of(values.get(GenericOptions.CONTROLLERS)), gates.gates());
    gates.problems().forEach(checks::problem);
    gates.warnings().forEach(checks::warning);
    Stream.of(GENERAL, CONTROLLERS, SERVER, REST)
        .flatMap(List::stream)
        .forEach(group -> group.check(checks));
    checkDurations(table, checks);
    return checks;
  }

  /** No duration of this program has a meaning below zero. */
  private static void checkDurations(FlagTable table, Checks checks) {
    for (Flag<?> flag : table.flags()) {
      if (flag.type().equals(FlagTypes.DURATION)
          && flag.lifecycle().isRead()
          && checks.get(flag) instanceof Duration duration
          && duration.isNegative()) {
        checks.problem(
            "--" + flag.name() + " must not be negative, but got " + GoDuration.format(duration));
      }
    }
  }

  static Options read(FlagValues values, FeatureGates gates, ProductVersion version) {
    GlobalOptions.Request request = request(values);
    String reported = request.reportedVersion();
    return new Options(
        GENERIC.read(values),
        ControllerSelection.of(values.get(GenericOptions.CONTROLLERS)),
        CLIENT.read(values),
        ELECTION.read(values),
        MIGRATION.read(values),
        CLUSTER.read(values),
        gates,
        DEBUGGING.read(values),
        SERVING.read(values),
        AUTHENTICATION.read(values),
        AUTHORIZATION.read(values),
        METRICS.read(values),
        LOGS.read(values),
        settings(values),
        reported.isEmpty() ? version : version.named(reported),
        request.checkConfig(),
        values);
  }

  private static ControllerSettings settings(FlagValues values) {
    return new ControllerSettings(
        SERVICE.read(values),
        ATTACH_DETACH.read(values),
        CSR_SIGNING.read(values),
        WorkersOptions.DEPLOYMENT.read(values),
        WorkersOptions.STATEFUL_SET.read(values),
        WorkersOptions.DAEMON_SET.read(values),
        ENDPOINT.read(values),
        ENDPOINT_SLICE.read(values),
        MIRRORING.read(values),
        WorkersOptions.EPHEMERAL_VOLUME.read(values),
        GARBAGE.read(values),
        AUTOSCALER.read(values),
        WorkersOptions.JOB.read(values),
        WorkersOptions.CRON_JOB.read(values),
        TOKEN_CLEANER.read(values),
        NAMESPACE.read(values),
        NODE_IPAM.read(values),
        NODE_LIFECYCLE.read(values),
        BINDER.read(values),
        POD_GARBAGE.read(values),
        WorkersOptions.REPLICA_SET.read(values),
        WorkersOptions.REPLICATION_CONTROLLER.read(values),
        QUOTA.read(values),
        SERVICE_ACCOUNT.read(values),
        WorkersOptions.TTL_AFTER_FINISHED.read(values),
        WorkersOptions.ADMISSION_POLICY_STATUS.read(values));
  }
}
