package dev.kcm.daemon.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who sends a request.
 *
 * @param name user name
 * @param uid unique over time, or empty
 * @param groups group names
 * @param extra further attributes, by lower-case key
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

  /** Who sends a request without credentials. */
  public static final User ANONYMOUS =
      new User("system:anonymous", List.of("system:unauthenticated"));

  private static final String AUTHENTICATED = "system:authenticated";

  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** A user of whom no more is known. */
  public User(String name, List<String> groups) {
    this(name, "", groups, Map.of());
  }

  /** The same user as a member of {@code system:authenticated}. */
  User authenticated() {
    if (groups.contains(AUTHENTICATED)) {
      return this;
    }
    List<String> all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new User(name, uid, all, extra);
  }
}
