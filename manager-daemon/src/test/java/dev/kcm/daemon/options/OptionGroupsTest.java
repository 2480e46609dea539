package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagParser;
import dev.kcm.daemon.flags.FlagTable;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.IpLiteral;
import dev.kcm.daemon.logs.LogConfig;
import dev.kcm.daemon.logs.LogConfig.Format;
import dev.kcm.daemon.logs.LogConfig.ModuleLevel;
import dev.kcm.daemon.options.AuthenticationConfig.RequestHeader;
import dev.kcm.daemon.options.CsrSigningConfig.Pair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded defaults and the full mapping of every class of options. */
class OptionGroupsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Pair NONE = new Pair("", "");

  /**
   * One class of options.
   *
   * @param defaults the record without any flag
   * @param full the record when every flag has another value
   * @param args those flags
   */
  record Case(OptionGroup<?> group, Object defaults, Object full, String args) {

    FlagTable table() {
      return FlagTable.of(group.flags());
    }

    @Override
    public String toString() {
      return group.getClass().getSimpleName() + " " + table().groups().get(0).name();
    }
  }

  static Stream<Case> cases() {
    return Stream.of(general(), server(), controllers(), workers()).flatMap(s -> s);
  }

  private static Stream<Case> general() {
    return Stream.of(
        new Case(
            new DebuggingOptions(),
            new DebuggingConfig(true, false),
            new DebuggingConfig(false, true),
            "--profiling=false --contention-profiling"),
        new Case(
            new LeaderMigrationOptions(),
            new LeaderMigrationConfig(false, ""),
            new LeaderMigrationConfig(true, "/m.yaml"),
            "--enable-leader-migration --leader-migration-config=/m.yaml"),
        new Case(
            new GenericOptions(),
            new GenericConfig(Duration.ofHours(12), Duration.ZERO),
            new GenericConfig(HOUR, Duration.ofSeconds(3)),
            "--min-resync-period=1h --controller-start-interval=3s --controllers=job"),
        new Case(
            new LeaderElectionOptions(),
            new LeaderElectionConfig(
                true,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                "leases",
                "kube-controller-manager",
                "kube-system",
                true),
            new LeaderElectionConfig(
                false,
                Duration.ofSeconds(60),
                Duration.ofSeconds(40),
                Duration.ofSeconds(5),
                "x",
                "y",
                "z",
                false),
            "--leader-elect=false --leader-elect-lease-duration=60s"
                + " --leader-elect-renew-deadline=40s --leader-elect-retry-period=5s"
                + " --leader-elect-resource-lock=x --leader-elect-resource-name=y"
                + " --leader-elect-resource-namespace=z --leader-elect-warm-standby=0"),
        new Case(
            new ClientOptions(),
            new ClientConfig("", "", "application/vnd.kubernetes.protobuf", 20f, 30),
            new ClientConfig("/k", "https://m", "application/json", -1.5f, 7),
            "--kubeconfig=/k --master=https://m --kube-api-content-type=application/json"
                + " --kube-api-qps=-1.5 --kube-api-burst=7"),
        new Case(
            new ClusterOptions(),
            new ClusterConfig(
                false,
                "RangeAllocator",
                "",
                "kubernetes",
                false,
                Duration.ofSeconds(5),
                "",
                "",
                "",
                true,
                Duration.ofSeconds(10),
                false,
                Duration.ZERO),
            new ClusterConfig(
                true, "A", "c", "n", true, HOUR, "external", "f", "v", false, HOUR, true, HOUR),
            "--allocate-node-cidrs --cidr-allocator-type=A --cluster-cidr=c --cluster-name=n"
                + " --use-service-account-credentials --node-monitor-period=1h"
                + " --cloud-provider=external --cloud-config=f --external-cloud-volume-plugin=v"
                + " --configure-cloud-routes=false --route-reconciliation-period=1h"
                + " --allow-untagged-cloud --node-sync-period=1h"));
  }

  private static Stream<Case> server() {
    return Stream.of(
        new Case(
            new ServingOptions(),
            new ServingConfig(
                IpLiteral.parse("0.0.0.0").orElseThrow(),
                10257,
                "",
                "",
                "",
                List.of(),
                List.of(),
                "VersionTLS12",
                true,
                100),
            new ServingConfig(
                IpLiteral.parse("fd00::1").orElseThrow(),
                1,
                "/c",
                "/k",
                "/d",
                List.of(
                    new SniCert("/1", "/2", List.of("a", "*.b")),
                    new SniCert("/3", "/4", List.of())),
                List.of("X", "Y"),
                "VersionTLS13",
                false,
                9),
            "--bind-address=fd00::1 --secure-port=1 --tls-cert-file=/c --tls-private-key-file=/k"
                + " --cert-dir=/d --tls-sni-cert-key=/1,/2:a,*.b --tls-sni-cert-key=/3,/4"
                + " --tls-cipher-suites=X,Y --tls-min-version=VersionTLS13 --disable-http2-serving"
                + " --http2-max-streams-per-connection=9 --permit-address-sharing"
                + " --permit-port-sharing"),
        new Case(
            new AuthenticationOptions(),
            new AuthenticationConfig(
                "",
                false,
                false,
                Duration.ofSeconds(10),
                "",
                new RequestHeader(
                    "",
                    List.of(),
                    List.of("x-remote-user"),
                    List.of("x-remote-group"),
                    List.of("x-remote-extra-"),
                    List.of())),
            new AuthenticationConfig(
                "/k",
                true,
                true,
                HOUR,
                "/c",
                new RequestHeader(
                    "/p",
                    List.of("n"),
                    List.of("u"),
                    List.of("g", "h"),
                    List.of("e"),
                    List.of("i"))),
            "--authentication-kubeconfig=/k --authentication-skip-lookup"
                + " --authentication-tolerate-lookup-failure"
                + " --authentication-token-webhook-cache-ttl=1h --client-ca-file=/c"
                + " --requestheader-client-ca-file=/p --requestheader-allowed-names=n"
                + " --requestheader-username-headers=u --requestheader-group-headers=g,h"
                + " --requestheader-extra-headers-prefix=e --requestheader-uid-headers=i"),
        new Case(
            new AuthorizationOptions(),
            new AuthorizationConfig(
                "",
                List.of("/healthz", "/readyz", "/livez"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)),
            new AuthorizationConfig("/k", List.of("/metrics"), HOUR, Duration.ofHours(2)),
            "--authorization-kubeconfig=/k --authorization-always-allow-paths=/metrics"
                + " --authorization-webhook-cache-authorized-ttl=1h"
                + " --authorization-webhook-cache-unauthorized-ttl=2h"),
        new Case(
            new MetricsOptions(),
            new MetricsConfig(Map.of(), "", List.of(), ""),
            new MetricsConfig(Map.of("m,l", Set.of("a", "b")), "/f", List.of("x"), "1.33"),
            "--allow-metric-labels=\"m,l=a,b\",\"m,l=a,b\" --allow-metric-labels-manifest=/f"
                + " --disabled-metrics=x --show-hidden-metrics-for-version=1.33"),
        new Case(
            new LogOptions(),
            new LogConfig(Format.TEXT, 0, List.of(), false, "", "", 1800),
            new LogConfig(Format.JSON, 4, List.of(new ModuleLevel("a*", 5)), true, "/d", "/f", 10),
            "-v=4 --vmodule=a*=5 --logging-format=json --log-flush-frequency=1h"
                + " --log-text-split-stream --log-text-info-buffer-size=1Ki"
                + " --log-json-split-stream --log-json-info-buffer-size=1Ki --log-dir=/d"
                + " --log-file=/f --log-file-max-size=10"));
  }

  private static Stream<Case> controllers() {
    return Stream.of(
        new Case(
            new ServiceOptions(),
            new ServiceConfig(1),
            new ServiceConfig(2),
            "--concurrent-service-syncs=2"),
        new Case(
            new AttachDetachOptions(),
            new AttachDetachConfig(Duration.ofMinutes(1), false, false),
            new AttachDetachConfig(HOUR, true, true),
            "--attach-detach-reconcile-sync-period=1h --disable-attach-detach-reconcile-sync"
                + " --disable-force-detach-on-timeout"),
        new Case(
            new CsrSigningOptions(),
            new CsrSigningConfig(NONE, NONE, NONE, NONE, NONE, Duration.ofDays(365)),
            new CsrSigningConfig(
                new Pair("1", "2"),
                new Pair("3", "4"),
                new Pair("5", "6"),
                new Pair("7", "8"),
                new Pair("9", "0"),
                HOUR),
            "--cluster-signing-cert-file=1 --cluster-signing-key-file=2"
                + " --cluster-signing-kubelet-serving-cert-file=3"
                + " --cluster-signing-kubelet-serving-key-file=4"
                + " --cluster-signing-kubelet-client-cert-file=5"
                + " --cluster-signing-kubelet-client-key-file=6"
                + " --cluster-signing-kube-apiserver-client-cert-file=7"
                + " --cluster-signing-kube-apiserver-client-key-file=8"
                + " --cluster-signing-legacy-unknown-cert-file=9"
                + " --cluster-signing-legacy-unknown-key-file=0 --cluster-signing-duration=1h"
                + " --experimental-cluster-signing-duration=2h"),
        new Case(
            new EndpointOptions(),
            new EndpointConfig(5, Duration.ZERO),
            new EndpointConfig(6, HOUR),
            "--concurrent-endpoint-syncs=6 --endpoint-updates-batch-period=1h"),
        new Case(
            new EndpointSliceOptions(),
            new EndpointSliceConfig(5, 100, Duration.ZERO),
            new EndpointSliceConfig(6, 7, HOUR),
            "--concurrent-service-endpoint-syncs=6 --max-endpoints-per-slice=7"
                + " --endpointslice-updates-batch-period=1h"),
        new Case(
            new EndpointSliceMirroringOptions(),
            new EndpointSliceMirroringConfig(5, 1000, Duration.ZERO),
            new EndpointSliceMirroringConfig(6, 7, HOUR),
            "--mirroring-concurrent-service-endpoint-syncs=6"
                + " --mirroring-max-endpoints-per-subset=7"
                + " --mirroring-endpointslice-updates-batch-period=1h"),
        new Case(
            new GarbageCollectorOptions(),
            new GarbageCollectorConfig(20, true),
            new GarbageCollectorConfig(21, false),
            "--concurrent-gc-syncs=21 --enable-garbage-collector=false"),
        new Case(
            new HorizontalPodAutoscalerOptions(),
            new HorizontalPodAutoscalerConfig(
                5,
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                0.1,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30)),
            new HorizontalPodAutoscalerConfig(
                6, HOUR, Duration.ofHours(2), 0.25, Duration.ofHours(3), Duration.ofHours(4)),
            "--concurrent-horizontal-pod-autoscaler-syncs=6"
                + " --horizontal-pod-autoscaler-sync-period=1h"
                + " --horizontal-pod-autoscaler-downscale-stabilization=2h"
                + " --horizontal-pod-autoscaler-tolerance=0.25"
                + " --horizontal-pod-autoscaler-cpu-initialization-period=3h"
                + " --horizontal-pod-autoscaler-initial-readiness-delay=4h"),
        new Case(
            new LegacyTokenCleanerOptions(),
            new LegacyTokenCleanerConfig(Duration.ofDays(365)),
            new LegacyTokenCleanerConfig(HOUR),
            "--legacy-service-account-token-clean-up-period=1h"),
        new Case(
            new NamespaceOptions(),
            new NamespaceConfig(10, Duration.ofMinutes(5)),
            new NamespaceConfig(11, HOUR),
            "--concurrent-namespace-syncs=11 --namespace-sync-period=1h"),
        new Case(
            new NodeIpamOptions(),
            new NodeIpamConfig("", 0, 0, 0),
            new NodeIpamConfig("s", 1, 2, 3),
            "--service-cluster-ip-range=s --node-cidr-mask-size=1 --node-cidr-mask-size-ipv4=2"
                + " --node-cidr-mask-size-ipv6=3"),
        new Case(
            new NodeLifecycleOptions(),
            new NodeLifecycleConfig(
                0.1f, 0.01f, Duration.ofMinutes(1), Duration.ofSeconds(50), 50, 0.55f),
            new NodeLifecycleConfig(0.2f, 0.3f, HOUR, Duration.ofHours(2), 51, 0.5f),
            "--node-eviction-rate=0.2 --secondary-node-eviction-rate=0.3"
                + " --node-startup-grace-period=1h --node-monitor-grace-period=2h"
                + " --large-cluster-size-threshold=51 --unhealthy-zone-threshold=0.5"),
        new Case(
            new PersistentVolumeBinderOptions(),
            new PersistentVolumeBinderConfig(
                Duration.ofSeconds(15),
                true,
                false,
                "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
                "",
                60,
                30,
                "",
                300,
                30),
            new PersistentVolumeBinderConfig(HOUR, false, true, "/f", "/h", 1, 2, "/n", 3, 4),
            "--pvclaimbinder-sync-period=1h --enable-dynamic-provisioning=false"
                + " --enable-hostpath-provisioner --flex-volume-plugin-dir=/f"
                + " --pv-recycler-pod-template-filepath-hostpath=/h"
                + " --pv-recycler-minimum-timeout-hostpath=1"
                + " --pv-recycler-timeout-increment-hostpath=2"
                + " --pv-recycler-pod-template-filepath-nfs=/n"
                + " --pv-recycler-minimum-timeout-nfs=3 --pv-recycler-increment-timeout-nfs=4"),
        new Case(
            new PodGarbageCollectorOptions(),
            new PodGarbageCollectorConfig(12500),
            new PodGarbageCollectorConfig(-1),
            "--terminated-pod-gc-threshold=-1"),
        new Case(
            new ResourceQuotaOptions(),
            new ResourceQuotaConfig(5, Duration.ofMinutes(5)),
            new ResourceQuotaConfig(6, HOUR),
            "--concurrent-resource-quota-syncs=6 --resource-quota-sync-period=1h"),
        new Case(
            new ServiceAccountOptions(),
            new ServiceAccountConfig(5, "", ""),
            new ServiceAccountConfig(6, "/k", "/c"),
            "--concurrent-serviceaccount-token-syncs=6 --service-account-private-key-file=/k"
                + " --root-ca-file=/c"));
  }

  private static Stream<Case> workers() {
    return Stream.of(
            Map.entry(WorkersOptions.DEPLOYMENT, "concurrent-deployment-syncs"),
            Map.entry(WorkersOptions.STATEFUL_SET, "concurrent-statefulset-syncs"),
            Map.entry(WorkersOptions.DAEMON_SET, "concurrent-daemonset-syncs"),
            Map.entry(WorkersOptions.EPHEMERAL_VOLUME, "concurrent-ephemeralvolume-syncs"),
            Map.entry(WorkersOptions.JOB, "concurrent-job-syncs"),
            Map.entry(WorkersOptions.CRON_JOB, "concurrent-cron-job-syncs"),
            Map.entry(WorkersOptions.REPLICA_SET, "concurrent-replicaset-syncs"),
            Map.entry(WorkersOptions.REPLICATION_CONTROLLER, "concurrent-rc-syncs"),
            Map.entry(WorkersOptions.TTL_AFTER_FINISHED, "concurrent-ttl-after-finished-syncs"),
            Map.entry(
                WorkersOptions.ADMISSION_POLICY_STATUS,
                "concurrent-validating-admission-policy-status-syncs"))
        .map(
            entry ->
                new Case(
                    entry.getKey(),
                    new WorkersConfig(entry.getKey() == WorkersOptions.DAEMON_SET ? 2 : 5),
                    new WorkersConfig(77),
                    "--" + entry.getValue() + "=77"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recordsTheDefaults(Case example) {
    FlagValues values = FlagParser.parse(example.table(), List.of()).values();
    assertThat((Object) example.group().read(values)).isEqualTo(example.defaults());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mapsEveryFlag(Case example) {
    FlagParser.Outcome outcome =
        FlagParser.parse(example.table(), List.of(example.args().split(" ", -1)));
    assertThat(outcome.problems()).isEmpty();
    assertThat((Object) example.group().read(outcome.values())).isEqualTo(example.full());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theMappingCoversEveryFlagWithAnotherValueThanTheDefault(Case example) {
    FlagValues values =
        FlagParser.parse(example.table(), List.of(example.args().split(" ", -1))).values();
    for (Flag<?> flag : example.table().flags()) {
      if (flag.lifecycle().isRead()) {
        assertThat(values.isSet(flag)).as(flag.name()).isTrue();
        assertThat((Object) values.get(flag)).as(flag.name()).isNotEqualTo(flag.defaultValue());
      }
    }
  }

  /** Older releases wrote underscores, and gave removed flags values of all kinds. */
  @ParameterizedTest
  @MethodSource("cases")
  void understandsLegacyNames(Case example) {
    List<String> args =
        Stream.of(example.args().split(" ", -1))
            .map(arg -> "--" + arg.split("=", 2)[0].substring(2).replace('-', '_') + rest(arg))
            .map(arg -> arg.startsWith("--=") ? "-v" + arg.substring(2) : arg)
            .toList();
    FlagParser.Outcome outcome = FlagParser.parse(example.table(), args);
    assertThat(outcome.problems()).isEmpty();
    assertThat((Object) example.group().read(outcome.values())).isEqualTo(example.full());
  }

  private static String rest(String arg) {
    int equals = arg.indexOf('=');
    return equals < 0 ? "" : arg.substring(equals);
  }
}
