package dev.kcm.embedded.resource;

import java.util.List;
import java.util.Map;

/**
 * Who sends a request, as authentication found out.
 *
 * @param name user name, for example {@code system:kube-controller-manager}
 * @param uid user UID, empty when the authenticator knows none
 * @param groups group names in the order of the credential
 * @param extra further attributes, each with its values
 */
public record UserInfo(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {

  /** The group of everybody whose credentials were checked. */
  public static final String AUTHENTICATED = "system:authenticated";

  /** The user of requests that the server sends to itself. */
  public static final UserInfo LOOPBACK =
      new UserInfo("system:apiserver", "", List.of("system:masters"), Map.of());

  /** The user of requests without credentials. */
  public static final UserInfo ANONYMOUS =
      new UserInfo("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  public UserInfo {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
