package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer.
 *
 * @param request method and path, for messages
 * @param code HTTP status
 * @param headers headers
 * @param text the body as it came
 */
record Answer(String request, int code, HttpHeaders headers, String text) {

  /** The body as a tree, missing when it is no JSON. */
  JsonNode body() {
    return text.startsWith("{") ? Json.read(text) : MissingNode.getInstance();
  }

  /** The value at a path, for example {@code /metadata/name}. */
  JsonNode at(String pointer) {
    return body().at(pointer);
  }

  String text(String pointer) {
    return at(pointer).asText();
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String version() {
    return text("/metadata/resourceVersion");
  }

  String uid() {
    return text("/metadata/uid");
  }

  String message() {
    return text("/message");
  }

  /** Names of the items of a list, in its order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    at("/items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }

  @CanIgnoreReturnValue
  Answer is(int expected) {
    assertThat(code).as("%s%n%s", request, text).isEqualTo(expected);
    return this;
  }

  /** A Status with this code and reason. */
  @CanIgnoreReturnValue
  Answer isRefusal(int expected, String reason) {
    is(expected);
    assertThat(text("/kind")).as("%s%n%s", request, text).isEqualTo("Status");
    assertThat(text("/apiVersion")).isEqualTo("v1");
    assertThat(text("/status")).isEqualTo("Failure");
    assertThat(text("/reason")).as("%s%n%s", request, text).isEqualTo(reason);
    assertThat(at("/code").asInt()).isEqualTo(expected);
    return this;
  }

  /** A Status with a code of 400 to 499. */
  void isClientError() {
    assertThat(code).as("%s%n%s", request, text).isBetween(400, 499);
    assertThat(text("/kind")).as("%s%n%s", request, text).isEqualTo("Status");
  }
}
