package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Credentials that hold for nobody, most of them random by seed. */
class BadCredentialsTest {

  private static final long SEED = 20261121L;
  private static final int TOKENS = 60;
  private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** Each makes claims that would hold worthless. */
  private static final List<BiConsumer<ObjectNode, Random>> SPOILERS =
      List.of(
          (claims, random) -> claims.put("exp", random.nextInt(1_000_000)),
          (claims, random) -> claims.put("exp", Long.MIN_VALUE),
          (claims, random) -> claims.put("exp", "tomorrow"),
          (claims, random) -> claims.putNull("exp"),
          (claims, random) -> claims.put("nbf", Long.MAX_VALUE),
          (claims, random) -> claims.put("aud", "elsewhere"),
          (claims, random) -> claims.putArray("aud").add(random.nextInt()),
          (claims, random) -> claims.putObject("aud"),
          (claims, random) -> claims.put("iss", "https://elsewhere"),
          (claims, random) -> claims.put("iss", "kubernetes/serviceaccount"),
          (claims, random) -> claims.remove("iss"),
          (claims, random) -> claims.put("kubernetes.io", "x"),
          (claims, random) -> claims.putArray("kubernetes.io"),
          (claims, random) -> account(claims).put("uid", "other"),
          (claims, random) -> account(claims).put("name", "nobody"),
          (claims, random) -> account(claims).put("name", "../default"),
          (claims, random) -> account(claims).putObject("uid"),
          (claims, random) -> bind(claims, "pod"),
          (claims, random) -> bind(claims, "secret"),
          (claims, random) -> bind(claims, "node"));

  private static EmbeddedCluster cluster;
  private static ObjectNode good;

  @BeforeAll
  static void start() throws Exception {
    cluster = EmbeddedCluster.builder().nodes(0).authorization(AuthorizationMode.RBAC).start();
    JsonNode account =
        cluster
            .server()
            .ensure(
                (ObjectNode)
                    MAPPER.readTree(
                        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\","
                            + "\"metadata\":{\"name\":\"default\",\"namespace\":\"kube-system\"}}"));
    good = MAPPER.createObjectNode();
    good.put("iss", "https://kubernetes.default.svc").put("exp", 4_000_000_000L).put("nbf", 0);
    good.putArray("aud").add("https://kubernetes.default.svc");
    ObjectNode kubernetes = good.putObject("kubernetes.io").put("namespace", "kube-system");
    kubernetes
        .putObject("serviceaccount")
        .put("name", "default")
        .put("uid", account.at("/metadata/uid").asText());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aTokenThatHoldsIsTheMeasure() throws Exception {
    RawResponse answer = send("Bearer " + signed(good.toString(), keys()));

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.body()).contains("system:serviceaccount:kube-system:default");
  }

  @Test
  void tokensOfTheClustersKeyWithOtherClaimsAreUnauthorized() throws Exception {
    for (int i = 0; i < SPOILERS.size(); i++) {
      ObjectNode claims = good.deepCopy();
      SPOILERS.get(i).accept(claims, new Random(SEED + i));
      unauthorized("Bearer " + signed(claims.toString(), keys()), "claims " + claims);
    }
    for (String body : List.of("null", "5", "[]", "\"x\"", "", "{", "{}", "[".repeat(5000))) {
      unauthorized("Bearer " + signed(body, keys()), "claims " + body);
    }
  }

  @Test
  void tokensOfAnotherKeyAreUnauthorized() throws Exception {
    String algorithm = keys().getPublic().getAlgorithm();
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);

    unauthorized("Bearer " + signed(good.toString(), generator.generateKeyPair()), "other key");
  }

  @Test
  void randomTokensAreUnauthorized() throws Exception {
    String token = signed(good.toString(), keys());
    for (int i = 0; i < TOKENS; i++) {
      Random random = new Random(SEED + i);
      unauthorized("bearer " + spoiled(random, token), "seed " + (SEED + i));
    }
  }

  @Test
  void otherSchemesAndNoTokenAreNobody() throws Exception {
    for (String header :
        List.of(
            "Basic YWRtaW46YWRtaW4=",
            "Basic \u00e9\u00ff",
            "Bearer",
            "Bearer ",
            "Digest username=\"admin\"",
            "Negotiate x",
            "\u00e9",
            "")) {
      RawResponse answer = send(header);
      assertThat(answer.code()).as(header).isEqualTo(403);
      assertThat(MAPPER.readTree(answer.body()).path("message").asText())
          .contains("User \"system:anonymous\" cannot list resource \"secrets\"");
    }
  }

  private static ObjectNode account(ObjectNode claims) {
    return claims.withObject("/kubernetes.io/serviceaccount");
  }

  private static void bind(ObjectNode claims, String kind) {
    claims.withObject("/kubernetes.io").putObject(kind).put("name", "x").put("uid", "x");
  }

  private static String spoiled(Random random, String token) {
    return switch (random.nextInt(6)) {
      case 0 -> token.substring(0, random.nextInt(token.length() - 1) + 1);
      case 1 -> flipped(random, token);
      case 2 -> text(random, 6, "abc019") + "." + text(random, 16, "abc019");
      case 3 -> text(random, 1 + random.nextInt(30), ".=-_aA0\u00e9\u00ff\u0080\"'<>%;,");
      case 4 -> token + text(random, 1 + random.nextInt(3), ".aA=");
      default ->
          BASE64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8))
              + token.substring(
                  token.indexOf('.'),
                  random.nextBoolean() ? token.length() : token.lastIndexOf('.') + 1);
    };
  }

  /** One symbol of the text is another; not the last, whose low bits may mean nothing. */
  private static String flipped(Random random, String token) {
    int place = random.nextInt(token.length() - 1);
    char other = token.charAt(place) == 'A' ? 'B' : 'A';
    return token.substring(0, place) + other + token.substring(place + 1);
  }

  private static String text(Random random, int length, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static void unauthorized(String header, String about) throws IOException {
    RawResponse answer = send(header);
    String what = about + ": " + header + "\n" + answer;
    assertThat(answer.code()).as(what).isEqualTo(401);
    JsonNode status = MAPPER.readTree(answer.body());
    assertThat(status.path("kind").asText()).as(what).isEqualTo("Status");
    assertThat(status.path("reason").asText()).as(what).isEqualTo("Unauthorized");
    assertThat(status.path("message").asText()).as(what).isEqualTo("Unauthorized");
    assertThat(status.path("code").asInt()).as(what).isEqualTo(401);
  }

  private static RawResponse send(String authorization) throws IOException {
    String request =
        "GET "
            + SECRETS
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
            + authorization
            + "\r\n\r\n";
    return RawResponse.of(
        cluster.pki().anonymousContext(), cluster.url().getPort(), request.getBytes(ISO_8859_1));
  }

  private static KeyPair keys() {
    return cluster.pki().serviceAccountKeys();
  }

  private static String signed(String claims, KeyPair keys) throws GeneralSecurityException {
    boolean rsa = keys.getPublic().getAlgorithm().equals("RSA");
    String header = "{\"alg\":\"" + (rsa ? "RS256" : "ES256") + "\"}";
    String text =
        BASE64.encodeToString(header.getBytes(UTF_8))
            + "."
            + BASE64.encodeToString(claims.getBytes(UTF_8));
    Signature signature =
        Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    signature.initSign(keys.getPrivate());
    signature.update(text.getBytes(US_ASCII));
    return text + "." + BASE64.encodeToString(signature.sign());
  }
}
