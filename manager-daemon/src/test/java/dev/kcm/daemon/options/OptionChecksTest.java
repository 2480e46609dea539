package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionChecksTest {

  private static final CommandLine COMMAND_LINE = CommandLine.of(ProductVersion.current(), 80);

  private static List<String> problems(List<String> args) {
    CommandLine.Result result = COMMAND_LINE.parse(args);
    return result instanceof CommandLine.Failed failed ? failed.problems() : List.of();
  }

  private static List<String> problems(String args) {
    return problems(List.of(args.split(" ", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--leader-elect-resource-lock=endpoints | resourceLock value must be \"leases\"",
        "--leader-elect-lease-duration=10s | --leader-elect-lease-duration (10s) must be greater than --leader-elect-renew-deadline (10s)",
        "--leader-elect-renew-deadline=2s | --leader-elect-renew-deadline (2s) must be greater than 1.2 x --leader-elect-retry-period (2s)",
        "--leader-elect-renew-deadline=2400ms | --leader-elect-renew-deadline (2.4s) must be greater than 1.2 x --leader-elect-retry-period (2s)",
        "--leader-elect-retry-period=0s | --leader-elect-retry-period must be greater than 0s, but got 0s",
        "--leader-elect-resource-name= | --leader-elect-resource-name must not be empty",
        "--cloud-provider=aws | --cloud-provider must be empty or external, but got \"aws\": providers are no longer part of this program",
        "--cidr-allocator-type=CloudAllocator | --cidr-allocator-type must be RangeAllocator, but got \"CloudAllocator\"",
        "--kube-api-burst=0 | kube-api-burst must be greater than 0, but got 0",
        "--kube-api-qps=NaN | --kube-api-qps must be a number, but got NaN",
        "--secure-port=65536 | --secure-port 65536 must be between 0 and 65535, inclusive. 0 for turning off secure port",
        "--tls-min-version=TLS12 | unknown tls version \"TLS12\" for --tls-min-version, allowed are VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13",
        "--tls-cipher-suites=AES | Cipher suite AES not supported or doesn't exist",
        "--requestheader-group-headers=X-Remote-Group,, | empty value in \"requestheader-group-headers\"",
        "--requestheader-uid-headers=x-uid | --requestheader-uid-headers must contain X-Remote-Uid",
        "--authorization-always-allow-paths=/a*b | only trailing * allowed in \"/a*b\"",
        "--attach-detach-reconcile-sync-period=999ms | duration time must be greater than one second as set via command line option reconcile-sync-loop-period (that is --attach-detach-reconcile-sync-period)",
        "--cluster-signing-kubelet-serving-cert-file=x | \"cluster-signing-kubelet-serving\": cannot specify cert without key",
        "--cluster-signing-kubelet-client-key-file=x | \"cluster-signing-kubelet-client\": cannot specify key without cert",
        "--concurrent-service-endpoint-syncs=0 | concurrent-service-endpoint-syncs must not be less than 1, but got 0",
        "--concurrent-service-endpoint-syncs=51 | concurrent-service-endpoint-syncs must not be more than 50, but got 51",
        "--max-endpoints-per-slice=1001 | max-endpoints-per-slice must not be more than 1000, but got 1001",
        "--mirroring-concurrent-service-endpoint-syncs=51 | mirroring-concurrent-service-endpoint-syncs must not be more than 50, but got 51",
        "--mirroring-max-endpoints-per-subset=0 | mirroring-max-endpoints-per-subset must not be less than 1, but got 0",
        "--service-cluster-ip-range=a,b,c | --service-cluster-ip-range can not contain more than two entries",
        "--show-hidden-metrics-for-version=1.32 | --show-hidden-metrics-for-version must be omitted or have the value '1.33'. Only the previous minor version is allowed",
        "--allow-metric-labels=a=b | --allow-metric-labels: \"a\" is not of the form metric,label",
        "--logging-format=xml | format: Invalid value: \"xml\": Unsupported log format",
        "--log-text-split-stream | options.text.splitStream: Forbidden: Feature LoggingAlphaOptions is disabled",
        "--log-json-info-buffer-size=64Ki | options.json.infoBufferSize: Forbidden: Feature LoggingAlphaOptions is disabled",
        "--min-resync-period=-1h | --min-resync-period must not be negative, but got -1h0m0s",
        "--feature-gates=Foo=true | unrecognized feature gate: Foo",
        "--vmodule=a | invalid argument \"a\" for \"--vmodule\" flag: \"a\" does not have the pattern=N format",
        "--vmodule=a=x | invalid argument \"a=x\" for \"--vmodule\" flag: parsing verbosity in \"a=x\": strconv.ParseUint: parsing \"x\": invalid syntax",
        "--tls-sni-cert-key=a | invalid argument \"a\" for \"--tls-sni-cert-key\" flag: expected comma separated certificate and key file paths",
        "--tls-sni-cert-key=a,b: | invalid argument \"a,b:\" for \"--tls-sni-cert-key\" flag: empty names list is not allowed",
        "--log-json-info-buffer-size=big | invalid argument \"big\" for \"--log-json-info-buffer-size\" flag: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      })
  void findsOneProblem(String arg, String problem) {
    assertThat(problems(arg)).containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concurrent-deployment-syncs",
        "concurrent-statefulset-syncs",
        "concurrent-daemonset-syncs",
        "concurrent-endpoint-syncs",
        "concurrent-ephemeralvolume-syncs",
        "concurrent-gc-syncs",
        "concurrent-horizontal-pod-autoscaler-syncs",
        "concurrent-job-syncs",
        "concurrent-cron-job-syncs",
        "concurrent-namespace-syncs",
        "concurrent-replicaset-syncs",
        "concurrent-rc-syncs",
        "concurrent-resource-quota-syncs",
        "concurrent-serviceaccount-token-syncs",
        "concurrent-ttl-after-finished-syncs",
        "concurrent-validating-admission-policy-status-syncs",
      })
  void everyControllerNeedsAWorker(String flag) {
    assertThat(problems("--" + flag + "=-1"))
        .containsExactly(flag + " must be greater than 0, but got -1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--cluster-cidr= | --cluster-cidr is needed with --allocate-node-cidrs",
        "--cluster-cidr=192.168.xx.xx/xx | --cluster-cidr: \"192.168.xx.xx/xx\" is not an address range as 10.244.0.0/16",
        "--cluster-cidr=10.0.0.0/8,11.0.0.0/8 | --cluster-cidr takes one range, or one of IPv4 and one of IPv6, but got \"10.0.0.0/8,11.0.0.0/8\"",
        "--cluster-cidr=10.0.0.0/8,fd00::/48,fd01::/48 | --cluster-cidr takes one range, or one of IPv4 and one of IPv6, but got \"10.0.0.0/8,fd00::/48,fd01::/48\"",
        "--cluster-cidr=10.0.0.0/16,fd00::/48 --node-cidr-mask-size=24 | usage of --node-cidr-mask-size is not allowed with dual-stack clusters",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size-ipv6=64 | usage of --node-cidr-mask-size-ipv6 is not allowed with a single-stack IPv4 cluster",
        "--cluster-cidr=fd00::/56 --node-cidr-mask-size-ipv4=24 | usage of --node-cidr-mask-size-ipv4 is not allowed with a single-stack IPv6 cluster",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size=24 --node-cidr-mask-size-ipv4=24 | --node-cidr-mask-size and --node-cidr-mask-size-ipv4 must not be given together",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size=12 | node ranges of /12 do not fit into --cluster-cidr 10.0.0.0/16: allowed are /16 to /32",
        "--cluster-cidr=10.0.0.0/16 --node-cidr-mask-size=48 | node ranges of /48 do not fit into --cluster-cidr 10.0.0.0/16: allowed are /16 to /32",
        "--cluster-cidr=fd00::/32 | --cluster-cidr fd00::/32 has more than 65536 node ranges of /64: allowed are up to /48",
        "--cluster-cidr=10.0.0.0/16 --service-cluster-ip-range=10.1.0.0/16,10.2.0.0/16 | --service-cluster-ip-range takes one range, or one of IPv4 and one of IPv6, but got \"10.1.0.0/16,10.2.0.0/16\"",
      })
  void looksAtRangesWhenTheyAreUsed(String args, String problem) {
    assertThat(problems("--allocate-node-cidrs " + args)).containsExactly(problem);
    assertThat(problems("--allocate-node-cidrs --controllers=*,-nodeipam " + args)).isEmpty();
    assertThat(problems(args)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cluster-cidr=10.244.0.0/16",
        "--cluster-cidr=10.244.0.0/16,fd00:10:244::/56",
        "--cluster-cidr=fd00:10:244::/56",
        "--cluster-cidr=10.244.0.0/16 --service-cluster-ip-range=10.96.0.0/16,fd00::/112",
      })
  void acceptsGoodRanges(String args) {
    assertThat(problems("--allocate-node-cidrs " + args)).isEmpty();
  }

  @Test
  void aBadServiceRangeIsOnlyAWarning() {
    CommandLine.Result result =
        COMMAND_LINE.parse(
            List.of(
                "--allocate-node-cidrs",
                "--cluster-cidr=10.0.0.0/16",
                "--service-cluster-ip-range=x"));
    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    assertThat(((CommandLine.Parsed) result).warnings())
        .containsExactly(
            "--service-cluster-ip-range: \"x\" is not an address range and is ignored");
  }

  @Test
  void leaseTimingsDoNotMatterWithoutElection() {
    assertThat(problems("--leader-elect=false --leader-elect-lease-duration=1s")).isEmpty();
  }

  @Test
  void certificateFlagsExcludeEachOther(@TempDir Path dir) {
    String file = TestFiles.create(dir.resolve("x.pem")).toString();
    assertThat(
            problems(
                List.of(
                    "--cluster-signing-cert-file=" + file,
                    "--cluster-signing-key-file=" + file,
                    "--cluster-signing-legacy-unknown-cert-file=" + file,
                    "--cluster-signing-legacy-unknown-key-file=" + file)))
        .containsExactly(
            "cannot specify --cluster-signing-{cert,key}-file and other --cluster-signing-*-file"
                + " flags at the same time");
    assertThat(problems("--tls-cert-file=" + file))
        .containsExactly("--tls-cert-file and --tls-private-key-file must be given together");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubeconfig",
        "authentication-kubeconfig",
        "authorization-kubeconfig",
        "client-ca-file",
        "requestheader-client-ca-file",
        "root-ca-file",
        "service-account-private-key-file",
        "pv-recycler-pod-template-filepath-nfs",
        "pv-recycler-pod-template-filepath-hostpath",
        "allow-metric-labels-manifest",
      })
  void filesMustExist(String flag, @TempDir Path dir) {
    String missing = dir.resolve("missing").toString();
    assertThat(problems("--" + flag + "=" + missing))
        .containsExactly("--" + flag + ": " + missing + ": no such file");
    assertThat(problems("--" + flag + "=" + dir))
        .containsExactly("--" + flag + ": " + dir + " is a directory, a file is needed");
    assertThat(problems("--" + flag + "=" + TestFiles.create(dir.resolve("f")))).isEmpty();
  }

  @Test
  void filesOfControllersThatDoNotRunMayBeMissing() {
    assertThat(
            problems(
                "--controllers=job --root-ca-file=/no --service-account-private-key-file=/no"
                    + " --cluster-signing-cert-file=/no --cluster-signing-key-file=/no"))
        .isEmpty();
  }

  @Test
  void jsonExcludesVmodule() {
    assertThat(problems("--logging-format=json --vmodule=a=1"))
        .containsExactly("vmodule: Forbidden: Only supported for text log format");
    assertThat(problems("--logging-format=json --feature-gates=LoggingBetaOptions=false"))
        .containsExactly(
            "format: Forbidden: Log format json needs the feature gate LoggingBetaOptions");
    assertThat(problems("--log-text-split-stream --feature-gates=LoggingAlphaOptions=true --v=3"))
        .isEmpty();
  }

  @Test
  void warnsOfDoubtfulSettings() {
    CommandLine.Result result =
        COMMAND_LINE.parse(
            List.of(
                "--requestheader-username-headers=X-User",
                "--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA",
                "--leader-elect=false",
                "--enable-leader-migration"));
    assertThat(((CommandLine.Parsed) result).warnings())
        .containsExactly(
            "--enable-leader-migration has no effect without --leader-elect",
            "Use of insecure cipher 'TLS_RSA_WITH_RC4_128_SHA' detected.",
            "--requestheader-username-headers is set without specifying the standard"
                + " X-Remote-User header - API aggregation will not work");
  }

  @Test
  void controllersComeBeforeTheServerAndLogsLast() {
    assertThat(
            problems(
                "--v=1 --logging-format=xml --secure-port=-1 --concurrent-job-syncs=0"
                    + " --controllers=x"))
        .extracting(problem -> problem.substring(0, 3))
        .containsExactly("\"x\"", "con", "--s", "for");
  }
}
