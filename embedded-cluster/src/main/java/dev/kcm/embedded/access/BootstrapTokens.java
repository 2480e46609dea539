package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks tokens by which new nodes join: {@code <id>.<secret>}, kept in secrets of kube-system.
 *
 * <p>Immutable.
 */
final class BootstrapTokens {

  private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern EXTRA_GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");

  private final CoreObjects objects;
  private final Clock clock;

  BootstrapTokens(CoreObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** Whom the token stands for; empty when it is none that holds. */
  Optional<UserInfo> check(String token) {
    Matcher parts = FORM.matcher(token);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String id = parts.group(1);
    return objects
        .find("secrets", "kube-system", "bootstrap-token-" + id)
        .filter(secret -> holds(secret, id, parts.group(2)))
        .flatMap(secret -> user(id, value(secret, "auth-extra-groups")));
  }

  private boolean holds(JsonNode secret, String id, String password) {
    return secret.path("type").asText().equals("bootstrap.kubernetes.io/token")
        && !secret.path("metadata").hasNonNull("deletionTimestamp")
        && same(value(secret, "token-secret"), password)
        && value(secret, "token-id").equals(id)
        && !isExpired(value(secret, "expiration"))
        && value(secret, "usage-bootstrap-authentication").equals("true");
  }

  private static Optional<UserInfo> user(String id, String extraGroups) {
    List<String> groups = new ArrayList<>();
    for (String group : extraGroups.split(",", -1)) {
      if (!group.isEmpty() && !EXTRA_GROUP.matcher(group).matches()) {
        return Optional.empty();
      }
      if (!group.isEmpty() && !groups.contains(group)) {
        groups.add(group);
      }
    }
    groups.add("system:bootstrappers");
    groups.sort(null);
    groups.add(UserInfo.AUTHENTICATED);
    return Optional.of(new UserInfo("system:bootstrap:" + id, "", groups, Map.of()));
  }

  private boolean isExpired(String expiration) {
    if (expiration.isEmpty()) {
      return false;
    }
    try {
      Instant end = OffsetDateTime.parse(expiration).toInstant();
      return !clock.instant().isBefore(end);
    } catch (DateTimeParseException unreadable) {
      return true;
    }
  }

  /** Takes the same time wherever the difference is. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String value(JsonNode secret, String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(secret.path("data").path(key).asText(""));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noBase64) {
      return "";
    }
  }
}
