package dev.kcm.daemon.auth;

import dev.kcm.core.time.WallClock;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Believes a proxy that shows a certificate of its own what it says of the user in headers.
 *
 * <p>Immutable; whom to believe is asked for anew at each request.
 */
final class FrontProxy implements Authenticator {

  private final Supplier<Optional<ProxyTrust>> trust;
  private final WallClock clock;

  /**
   * @param trust which proxies to believe; empty for none
   * @param clock when their certificates must be valid
   */
  FrontProxy(Supplier<Optional<ProxyTrust>> trust, WallClock clock) {
    this.trust = trust;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return Authenticator.answer(
        trust
            .get()
            .filter(proxy -> !credentials.certificates().isEmpty())
            .map(proxy -> userOf(credentials, proxy))
            .orElse(Authentication.NO_OPINION));
  }

  private Authentication userOf(Credentials credentials, ProxyTrust proxy) {
    try {
      proxy.authorities().verify(credentials.certificates(), clock.now());
    } catch (GeneralSecurityException e) {
      return new Authentication.Refused("front proxy: " + e.getMessage());
    }
    String proxyName = Subject.of(credentials.certificates().get(0)).name();
    if (!proxy.allowedNames().isEmpty() && !proxy.allowedNames().contains(proxyName)) {
      return new Authentication.Refused(
          "front proxy: subject with cn=" + proxyName + " is not in the allowed list");
    }
    String name = firstValue(credentials, proxy.usernameHeaders());
    if (name.isEmpty()) {
      return Authentication.NO_OPINION;
    }
    return new Authentication.Known(
        new User(
            name,
            firstValue(credentials, proxy.uidHeaders()),
            allValues(credentials, proxy.groupHeaders()),
            extra(credentials, proxy.extraHeaderPrefixes())));
  }

  private static String firstValue(Credentials credentials, List<String> headers) {
    return headers.stream()
        .flatMap(header -> credentials.values(header).stream().limit(1))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static List<String> allValues(Credentials credentials, List<String> headers) {
    return headers.stream().flatMap(header -> credentials.values(header).stream()).toList();
  }

  private static Map<String, List<String>> extra(Credentials credentials, List<String> prefixes) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (String given : prefixes) {
      String prefix = given.toLowerCase(Locale.ROOT);
      credentials
          .headers()
          .forEach(
              (header, values) -> {
                if (header.startsWith(prefix)) {
                  extra
                      .computeIfAbsent(
                          decoded(header.substring(prefix.length())), key -> new ArrayList<>())
                      .addAll(values);
                }
              });
    }
    return extra;
  }

  /** Header names cannot hold every character, so keys come percent-encoded. */
  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return key;
    }
  }
}
