package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer of a server that refuses. Confined to one attempt. */
final class ErrorBody {

  /** More than this of an explanation is not read. */
  private static final int LONGEST = 1 << 20;

  /** How much of a text that is no Status goes into the message. */
  private static final int QUOTED = 512;

  private final Codec codec;
  private final int code;
  private final @Nullable Duration retryAfter;
  private final Bytes body = new Bytes(LONGEST);

  ErrorBody(Codec codec, HttpResponse<?> response) {
    this.codec = codec;
    this.code = response.code();
    this.retryAfter = retryAfter(response);
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String header = response.header("Retry-After");
    if (header == null
        || header.isBlank()
        || !header.strip().chars().allMatch(Character::isDigit)) {
      return null;
    }
    String digits = header.strip();
    return Duration.ofSeconds(digits.length() > 9 ? 1_000_000_000L : Long.parseLong(digits));
  }

  void bytes(ByteBuffer buffer) throws IOException {
    int room = LONGEST - body.length();
    if (buffer.remaining() <= room) {
      body.append(buffer);
    }
  }

  /** What the Retry-After header asks for; null without one. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  ApiError error() {
    try {
      Status status = codec.reader(Status.class).readValue(body.array(), 0, body.length());
      if (status != null && "Status".equals(status.getKind()) && status.getStatus() != null) {
        return Failures.ofStatus(status, code, retryAfter);
      }
    } catch (IOException noStatus) {
      // A proxy answered, or the text was cut: what came is quoted below.
    }
    int length = Math.min(body.length(), QUOTED);
    return Failures.ofCode(
        code, new String(body.array(), 0, length, StandardCharsets.UTF_8), retryAfter);
  }
}
