package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import java.time.Duration;
import java.util.List;

/**
 * Delegated authentication.
 *
 * <p><i>Immutable.</i>
 */
final class AuthenticationOptions implements OptionGroup<AuthenticationConfig> {

  private static final Flag<String> KUBECONFIG =
      Flag.string(
          "authentication-kubeconfig",
          "",
          "File for token reviews and for looking up CAs at the API server. Without it, and outside"
              + " a cluster, tokens are ignored.");

  private static final Flag<Boolean> SKIP =
      Flag.bool(
          "authentication-skip-lookup",
          false,
          "Do not look up CAs in the ConfigMap extension-apiserver-authentication.");

  private static final Flag<Boolean> TOLERATE =
      Flag.bool(
          "authentication-tolerate-lookup-failure",
          false,
          "Start even if that ConfigMap cannot be read; client certificates may then be refused.");

  private static final Flag<Duration> TTL =
      Flag.duration(
          "authentication-token-webhook-cache-ttl",
          "10s",
          "How long the answer to a token review is remembered.");

  private static final Flag<String> CLIENT_CA =
      Flag.string(
          "client-ca-file",
          "",
          "File with CAs: a client with a certificate of one of them is the user its common name"
              + " says.");

  private static final Flag<String> PROXY_CA =
      Flag.string(
          "requestheader-client-ca-file",
          "",
          "File with CAs of proxies whose requests carry the user in headers.");

  private static final Flag<List<String>> PROXY_NAMES =
      Flag.strings(
          "requestheader-allowed-names",
          "",
          "Common names of the certificates of such proxies. Empty means any.");

  private static final Flag<List<String>> USERS =
      Flag.strings(
          "requestheader-username-headers", "x-remote-user", "Headers that carry the user.");

  private static final Flag<List<String>> GROUPS =
      Flag.strings("requestheader-group-headers", "x-remote-group", "Headers that carry groups.");

  private static final Flag<List<String>> EXTRAS =
      Flag.strings(
          "requestheader-extra-headers-prefix",
          "x-remote-extra-",
          "Prefixes of headers that carry extra attributes of the user.");

  private static final Flag<List<String>> UIDS =
      Flag.strings(
          "requestheader-uid-headers",
          "",
          "Headers that carry the UID, as x-remote-uid. Needs the feature gate"
              + " RemoteRequestHeaderUID.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "authentication",
            KUBECONFIG,
            SKIP,
            TOLERATE,
            TTL,
            CLIENT_CA,
            PROXY_CA,
            PROXY_NAMES,
            USERS,
            GROUPS,
            EXTRAS,
            UIDS));
  }

  @Override
  public void check(Checks checks) {
    for (Flag<List<String>> flag : List.of(USERS, GROUPS, EXTRAS, PROXY_NAMES, UIDS)) {
      checks.problemIf(
          checks.get(flag).stream().anyMatch(String::isBlank),
          "empty value in " + GoText.quote(flag.name()));
    }
    warnWithout(checks, USERS, "X-Remote-User", "header");
    warnWithout(checks, GROUPS, "X-Remote-Group", "header");
    warnWithout(checks, EXTRAS, "X-Remote-Extra-", "header prefix");
    checkUids(checks);
    checks.readableFile(KUBECONFIG);
    checks.readableFile(CLIENT_CA);
    checks.readableFile(PROXY_CA);
  }

  private static void warnWithout(
      Checks checks, Flag<List<String>> flag, String standard, String kind) {
    List<String> given = checks.get(flag);
    checks.warningIf(
        !given.isEmpty() && given.stream().noneMatch(standard::equalsIgnoreCase),
        "--%s is set without specifying the standard %s %s - API aggregation will not work"
            .formatted(flag.name(), standard, kind));
  }

  private static void checkUids(Checks checks) {
    List<String> uids = checks.get(UIDS);
    if (uids.isEmpty()) {
      return;
    }
    checks.problemIf(
        !checks.isEnabled("RemoteRequestHeaderUID"),
        "--requestheader-uid-headers needs the feature gate RemoteRequestHeaderUID");
    checks.problemIf(
        uids.stream().noneMatch("X-Remote-Uid"::equalsIgnoreCase),
        "--requestheader-uid-headers must contain X-Remote-Uid");
  }

  @Override
  public AuthenticationConfig read(FlagValues values) {
    return new AuthenticationConfig(
        values.get(KUBECONFIG),
        values.get(SKIP),
        values.get(TOLERATE),
        values.get(TTL),
        values.get(CLIENT_CA),
        new AuthenticationConfig.RequestHeader(
            values.get(PROXY_CA),
            values.get(PROXY_NAMES),
            values.get(USERS),
            values.get(GROUPS),
            values.get(EXTRAS),
            values.get(UIDS)));
  }
}
