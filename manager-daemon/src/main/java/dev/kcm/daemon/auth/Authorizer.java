package dev.kcm.daemon.auth;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a user may do something with a path: members of {@code system:masters} may do
 * everything, everybody may reach the always-allowed paths, anything else is refused.
 *
 * <p>Immutable.
 */
public final class Authorizer {

  private static final String SUPERUSERS = "system:masters";

  private final List<String> alwaysAllowed;

  /**
   * Allows the given paths to everybody.
   *
   * @param alwaysAllowedPaths exact paths, or prefixes ending in {@code *}
   */
  public Authorizer(List<String> alwaysAllowedPaths) {
    this.alwaysAllowed = List.copyOf(alwaysAllowedPaths);
  }

  /**
   * Why a request is refused, in upstream's words; empty when it is allowed.
   *
   * @param method HTTP method
   * @param path URL path
   */
  public Optional<String> refusal(User user, String method, String path) {
    if (user.groups().contains(SUPERUSERS) || isAlwaysAllowed(path)) {
      return Optional.empty();
    }
    return Optional.of(
        "forbidden: User \"%s\" cannot %s path \"%s\""
            .formatted(escaped(user.name()), method.toLowerCase(Locale.ROOT), escaped(path)));
  }

  private boolean isAlwaysAllowed(String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    for (String allowed : alwaysAllowed) {
      String pattern = allowed.startsWith("/") ? allowed.substring(1) : allowed;
      boolean matches =
          pattern.endsWith("*")
              ? relative.startsWith(pattern.substring(0, pattern.length() - 1))
              : relative.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
