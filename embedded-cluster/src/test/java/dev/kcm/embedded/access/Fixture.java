package dev.kcm.embedded.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.UserInfo;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

/** A server with access control on a clock that the test moves. Confined to the test's thread. */
final class Fixture implements AutoCloseable {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  final KeyPair keys;
  final ApiServer server;
  final AccessControl access;

  Fixture(String algorithm, AuthorizationMode mode) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(algorithm, e);
    }
    server = ApiServer.builder().clock(clock).build();
    access = AccessControl.over(server, keys, mode, clock);
  }

  static Fixture rbac() {
    return new Fixture("EC", AuthorizationMode.RBAC);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Creates an object and returns it as stored. */
  JsonNode create(String text) {
    return server.ensure(json(text));
  }

  JsonNode post(String apiVersion, String resource, String namespace, String body) {
    return post(UserInfo.LOOPBACK, apiVersion, resource, namespace, "", "", body);
  }

  JsonNode post(
      UserInfo user,
      String apiVersion,
      String resource,
      String namespace,
      String name,
      String subresource,
      String body) {
    int slash = apiVersion.indexOf('/');
    return server
        .handle(
            new ApiRequest(
                user,
                Verb.CREATE,
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                resource,
                namespace,
                name,
                subresource,
                Map.of(),
                json(body),
                "application/json"))
        .body();
  }

  /** The answer to a token request for an account. */
  JsonNode requestToken(String namespace, String account, String spec) {
    return post(
        UserInfo.LOOPBACK,
        "v1",
        "serviceaccounts",
        namespace,
        account,
        "token",
        "{spec:" + spec + "}");
  }

  String token(String namespace, String account, String spec) {
    return requestToken(namespace, account, spec).path("status").path("token").asText();
  }

  /** The status of a review of a token. */
  JsonNode review(String token, String audiences) {
    return post(
            "authentication.k8s.io/v1",
            "tokenreviews",
            "",
            "{spec:{token:'" + token + "',audiences:" + audiences + "}}")
        .path("status");
  }

  void delete(String plural, String namespace, String name) {
    server.handle(
        new ApiRequest(
            UserInfo.LOOPBACK,
            Verb.DELETE,
            "",
            "v1",
            plural,
            namespace,
            name,
            "",
            Map.of(),
            json("{gracePeriodSeconds:0}"),
            "application/json"));
  }

  JsonNode read(String plural, String namespace, String name) {
    Kind kind = server.kinds().find("", "v1", plural).orElseThrow();
    return server.stored(kind, namespace, name).orElseThrow();
  }

  @Override
  public void close() {
    server.close();
  }
}
