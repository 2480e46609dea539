package dev.kcm.embedded.access;

import dev.kcm.embedded.resource.UserInfo;
import java.util.List;

/**
 * Whom a token stands for.
 *
 * @param user the user
 * @param audiences the audiences for which the token holds, out of those asked for
 */
record Authenticated(UserInfo user, List<String> audiences) {

  Authenticated {
    audiences = List.copyOf(audiences);
  }
}
