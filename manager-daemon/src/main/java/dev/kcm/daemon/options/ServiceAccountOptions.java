package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Service accounts and their tokens.
 *
 * <p><i>Immutable.</i>
 */
final class ServiceAccountOptions implements OptionGroup<ServiceAccountConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag("concurrent-serviceaccount-token-syncs", 5, "token Secrets");

  private static final Flag<String> KEY =
      Flag.string(
          "service-account-private-key-file",
          "",
          "File with the RSA or ECDSA key that signs token Secrets. Without it the token controller does not run.");

  private static final Flag<String> ROOT_CA =
      Flag.string(
          "root-ca-file",
          "",
          "File with certificates that pods trust the API server by. Without it those of the kubeconfig are used.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("serviceaccount-controller", SYNCS, KEY, ROOT_CA));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
    boolean tokens = checks.runs("serviceaccount-token-controller");
    if (tokens) {
      checks.readableFile(KEY);
    }
    if (tokens || checks.runs("root-ca-certificate-publisher-controller")) {
      checks.readableFile(ROOT_CA);
    }
  }

  @Override
  public ServiceAccountConfig read(FlagValues values) {
    return new ServiceAccountConfig(values.get(SYNCS), values.get(KEY), values.get(ROOT_CA));
  }
}
