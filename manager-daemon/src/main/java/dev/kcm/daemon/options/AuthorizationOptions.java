package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import java.time.Duration;
import java.util.List;

/**
 * Delegated authorization.
 *
 * <p><i>Immutable.</i>
 */
final class AuthorizationOptions implements OptionGroup<AuthorizationConfig> {

  private static final Flag<String> KUBECONFIG =
      Flag.string(
          "authorization-kubeconfig",
          "",
          "File for access reviews at the API server. Without it, and outside a cluster, only"
              + " system:masters and the paths of --authorization-always-allow-paths get through.");

  private static final Flag<List<String>> PATHS =
      Flag.strings(
          "authorization-always-allow-paths",
          "/healthz,/readyz,/livez",
          "Paths anyone may read. A trailing * covers all paths that start so.");

  private static final Flag<Duration> ALLOWED_TTL =
      Flag.duration(
          "authorization-webhook-cache-authorized-ttl",
          "10s",
          "How long a permission is remembered.");

  private static final Flag<Duration> REFUSED_TTL =
      Flag.duration(
          "authorization-webhook-cache-unauthorized-ttl",
          "10s",
          "How long a refusal is remembered.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("authorization", KUBECONFIG, PATHS, ALLOWED_TTL, REFUSED_TTL));
  }

  @Override
  public void check(Checks checks) {
    for (String path : checks.get(PATHS)) {
      int star = path.indexOf('*');
      checks.problemIf(
          star >= 0 && star < path.length() - 1,
          "only trailing * allowed in " + GoText.quote(path));
    }
    checks.readableFile(KUBECONFIG);
  }

  @Override
  public AuthorizationConfig read(FlagValues values) {
    return new AuthorizationConfig(
        values.get(KUBECONFIG),
        values.get(PATHS),
        values.get(ALLOWED_TTL),
        values.get(REFUSED_TTL));
  }
}
