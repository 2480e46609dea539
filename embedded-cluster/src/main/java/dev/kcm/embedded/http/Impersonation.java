package dev.kcm.embedded.http;

import dev.kcm.embedded.access.Attributes;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the headers by which one user acts as another. Stateless. */
final class Impersonation {

  private static final HttpString USER = new HttpString("Impersonate-User");
  private static final HttpString UID = new HttpString("Impersonate-Uid");
  private static final HttpString GROUP = new HttpString("Impersonate-Group");
  private static final String EXTRA_PREFIX = "impersonate-extra-";
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private Impersonation() {}

  /** The user that the sender wants to be, empty when no header asks for it. */
  static Optional<UserInfo> wanted(HeaderMap headers) {
    String user = first(headers, USER);
    List<String> groups = values(headers, GROUP);
    Map<String, List<String>> extra = extra(headers);
    if (user.isEmpty()) {
      if (!groups.isEmpty() || !extra.isEmpty() || headers.contains(UID)) {
        throw Statuses.badRequest(
            "Impersonate-Group, Impersonate-Uid and Impersonate-Extra-* need Impersonate-User");
      }
      return Optional.empty();
    }
    return Optional.of(new UserInfo(user, first(headers, UID), groups(user, groups), extra));
  }

  /** What the sender must be allowed to do to become that user, one right for each header. */
  static List<Attributes> rights(HeaderMap headers, UserInfo wanted) {
    List<Attributes> rights = new ArrayList<>();
    String[] account = wanted.name().split(":", -1);
    rights.add(
        wanted.name().startsWith(SERVICE_ACCOUNT) && account.length == 4
            ? right("", "serviceaccounts", "", account[2], account[3])
            : right("", "users", "", "", wanted.name()));
    values(headers, GROUP).forEach(group -> rights.add(right("", "groups", "", "", group)));
    if (!wanted.uid().isEmpty()) {
      rights.add(right(AUTHENTICATION, "uids", "", "", wanted.uid()));
    }
    wanted
        .extra()
        .forEach(
            (key, values) ->
                values.forEach(
                    value -> rights.add(right(AUTHENTICATION, "userextras", key, "", value))));
    return rights;
  }

  private static Attributes right(
      String group, String resource, String subresource, String namespace, String name) {
    return new Attributes("impersonate", group, "v1", resource, subresource, namespace, name, "");
  }

  private static List<String> groups(String user, List<String> wanted) {
    List<String> groups = new ArrayList<>(wanted);
    String[] account = user.split(":", -1);
    if (groups.isEmpty() && user.startsWith(SERVICE_ACCOUNT) && account.length == 4) {
      groups.add("system:serviceaccounts");
      groups.add("system:serviceaccounts:" + account[2]);
    }
    String known =
        user.equals(UserInfo.ANONYMOUS.name()) ? "system:unauthenticated" : UserInfo.AUTHENTICATED;
    if (!groups.contains(known)) {
      groups.add(known);
    }
    return groups;
  }

  private static Map<String, List<String>> extra(HeaderMap headers) {
    Map<String, List<String>> extra = new HashMap<>();
    for (HttpString header : headers.getHeaderNames()) {
      String name = header.toString().toLowerCase(Locale.ROOT);
      if (name.startsWith(EXTRA_PREFIX)) {
        String key = PercentDecoder.segment(name.substring(EXTRA_PREFIX.length()));
        extra.put(key, values(headers, header));
      }
    }
    return extra;
  }

  private static String first(HeaderMap headers, HttpString name) {
    List<String> values = values(headers, name);
    return values.isEmpty() ? "" : values.get(0);
  }

  private static List<String> values(HeaderMap headers, HttpString name) {
    HeaderValues values = headers.get(name);
    return values == null ? List.of() : List.copyOf(values);
  }
}
