package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A successful answer; failures are a {@link StatusException}.
 *
 * @param code HTTP status code, 200 to 202
 * @param body object, list or Status; shared with the store, so never changed by the receiver
 * @param warnings texts for {@code Warning: 299} headers
 */
public record ApiAnswer(int code, JsonNode body, List<String> warnings) {

  public ApiAnswer {
    warnings = List.copyOf(warnings);
  }

  /** An answer without warnings. */
  public static ApiAnswer of(int code, JsonNode body) {
    return new ApiAnswer(code, body, List.of());
  }
}
