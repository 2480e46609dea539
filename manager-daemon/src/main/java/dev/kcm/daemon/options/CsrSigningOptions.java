package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import dev.kcm.daemon.options.CsrSigningConfig.Pair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Issuing of certificates.
 *
 * <p><i>Immutable.</i>
 */
final class CsrSigningOptions implements OptionGroup<CsrSigningConfig> {

  /** The two flags for one signer. */
  private record PairFlags(String prefix, Flag<String> cert, Flag<String> key) {

    static PairFlags of(String prefix, String signers) {
      return new PairFlags(
          prefix,
          Flag.string(
              prefix + "-cert-file", "", "File with the CA certificate for " + signers + "."),
          Flag.string(prefix + "-key-file", "", "File with the CA key for " + signers + "."));
    }

    Pair read(FlagValues values) {
      return new Pair(values.get(cert), values.get(key));
    }

    Pair read(Checks checks) {
      return new Pair(checks.get(cert), checks.get(key));
    }
  }

  private static final PairFlags ALL = PairFlags.of("cluster-signing", "all signers");
  private static final PairFlags KUBELET_SERVING =
      PairFlags.of("cluster-signing-kubelet-serving", "signer kubernetes.io/kubelet-serving");
  private static final PairFlags KUBELET_CLIENT =
      PairFlags.of(
          "cluster-signing-kubelet-client", "signer kubernetes.io/kube-apiserver-client-kubelet");
  private static final PairFlags API_SERVER_CLIENT =
      PairFlags.of(
          "cluster-signing-kube-apiserver-client", "signer kubernetes.io/kube-apiserver-client");
  private static final PairFlags LEGACY_UNKNOWN =
      PairFlags.of("cluster-signing-legacy-unknown", "signer kubernetes.io/legacy-unknown");

  private static final List<PairFlags> SPECIFIC =
      List.of(KUBELET_SERVING, KUBELET_CLIENT, API_SERVER_CLIENT, LEGACY_UNKNOWN);

  private static final Flag<Duration> DURATION =
      Flag.duration(
          "cluster-signing-duration",
          "8760h",
          "Longest validity of an issued certificate. A request may ask for less.");

  private static final Flag<Duration> OLD_DURATION =
      Flag.duration(
              "experimental-cluster-signing-duration",
              "8760h",
              "Older name of the signing duration.")
          .honouredSince("1.25", "use --cluster-signing-duration, which wins if both are given");

  @Override
  public List<FlagGroup> flags() {
    Stream<Flag<?>> files =
        Stream.concat(Stream.of(ALL), SPECIFIC.stream()).flatMap(p -> Stream.of(p.cert(), p.key()));
    List<Flag<?>> flags = Stream.concat(files, Stream.<Flag<?>>of(DURATION, OLD_DURATION)).toList();
    return List.of(new FlagGroup("certificatesigningrequest-signing-controller", flags));
  }

  @Override
  public void check(Checks checks) {
    boolean anySpecific = false;
    for (PairFlags flags : SPECIFIC) {
      Pair pair = flags.read(checks);
      anySpecific |= !pair.isEmpty();
      if (!pair.isEmpty() && !pair.isComplete()) {
        boolean hasKey = pair.certFile().isEmpty();
        checks.problem(
            GoText.quote(flags.prefix())
                + (hasKey
                    ? ": cannot specify key without cert"
                    : ": cannot specify cert without key"));
      }
    }
    checks.problemIf(
        anySpecific && !ALL.read(checks).isEmpty(),
        "cannot specify --cluster-signing-{cert,key}-file and other --cluster-signing-*-file flags"
            + " at the same time");
    if (checks.runs("certificatesigningrequest-signing-controller")) {
      checkFiles(checks);
    }
  }

  private static void checkFiles(Checks checks) {
    Stream.concat(Stream.of(ALL), SPECIFIC.stream())
        .filter(flags -> flags.read(checks).isComplete())
        .forEach(
            flags -> {
              checks.readableFile(flags.cert());
              checks.readableFile(flags.key());
            });
  }

  @Override
  public CsrSigningConfig read(FlagValues values) {
    boolean old = values.isSet(OLD_DURATION) && !values.isSet(DURATION);
    return new CsrSigningConfig(
        ALL.read(values),
        KUBELET_SERVING.read(values),
        KUBELET_CLIENT.read(values),
        API_SERVER_CLIENT.read(values),
        LEGACY_UNKNOWN.read(values),
        values.get(old ? OLD_DURATION : DURATION));
  }
}
