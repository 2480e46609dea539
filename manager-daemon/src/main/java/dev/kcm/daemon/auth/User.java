package dev.kcm.daemon.auth;

import java.util.List;

/**
 * Who sends a request.
 *
 * @param name user name
 * @param groups group names
 */
public record User(String name, List<String> groups) {

  /** Who sends a request without credentials. */
  public static final User ANONYMOUS =
      new User("system:anonymous", List.of("system:unauthenticated"));

  public User {
    groups = List.copyOf(groups);
  }
}
