package dev.kcm.core.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request.
 *
 * @param method HTTP method
 * @param uri absolute address
 * @param accept media types wanted
 * @param contentType of the body; null without a body
 * @param body null without
 */
record Call(
    String method, URI uri, String accept, @Nullable String contentType, @Nullable String body) {

  /** Whether sending it twice, or after leadership is lost, does no harm. */
  boolean onlyReads() {
    return method.equals("GET");
  }
}
