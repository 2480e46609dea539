package dev.kcm.embedded.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A16 tokens")
class TokensTest {

  private static final String POD =
      "{apiVersion:'v1',kind:'Pod',metadata:{name:'p',namespace:'default'},"
          + "spec:{serviceAccountName:'a',containers:[{name:'c',image:'i'}]}}";

  private final Fixture fixture = Fixture.rbac();
  private JsonNode account;

  @BeforeEach
  void createAccount() {
    account =
        fixture.create(
            "{apiVersion:'v1',kind:'ServiceAccount',metadata:{name:'a',namespace:'default'}}");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void anIssuedTokenStandsForItsAccount(String algorithm) {
    try (Fixture other = new Fixture(algorithm, AuthorizationMode.RBAC)) {
      JsonNode stored =
          other.create(
              "{apiVersion:'v1',kind:'ServiceAccount',metadata:{name:'a',namespace:'default'}}");
      UserInfo user = other.access.authenticate(other.token("default", "a", "{}")).orElseThrow();
      assertThat(user.name()).isEqualTo("system:serviceaccount:default:a");
      assertThat(user.uid()).isEqualTo(CoreObjects.uid(stored));
      assertThat(user.groups())
          .containsExactly(
              "system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated");
      assertThat(user.extra().get("authentication.kubernetes.io/credential-id").get(0))
          .startsWith("JTI=");
    }
  }

  @Test
  void aTokenEndsWhenItsTimeIsOver() {
    JsonNode answer = fixture.requestToken("default", "a", "{expirationSeconds:600}");
    String token = answer.path("status").path("token").asText();
    assertThat(answer.path("status").path("expirationTimestamp").asText())
        .isEqualTo("2026-01-01T00:10:00Z");
    fixture.pass(Duration.ofSeconds(599));
    assertThat(fixture.access.authenticate(token)).isPresent();
    fixture.pass(Duration.ofSeconds(1));
    assertThat(fixture.access.authenticate(token)).isEmpty();
    assertThat(fixture.review(token, "[]").path("error").asText())
        .isEqualTo("[invalid bearer token, service account token has expired]");
  }

  @Test
  void aTokenEndsWithItsAccount() {
    String token = fixture.token("default", "a", "{}");
    fixture.delete("serviceaccounts", "default", "a");
    assertThat(fixture.access.authenticate(token)).isEmpty();
    fixture.create(
        "{apiVersion:'v1',kind:'ServiceAccount',metadata:{name:'a',namespace:'default'}}");
    assertThat(fixture.access.authenticate(token)).as("an account of the same name").isEmpty();
  }

  @Test
  void aBoundTokenEndsWithItsPod() {
    JsonNode pod = fixture.create(POD);
    String token =
        fixture.token("default", "a", "{boundObjectRef:{apiVersion:'v1',kind:'Pod',name:'p'}}");
    UserInfo user = fixture.access.authenticate(token).orElseThrow();
    assertThat(user.extra().get("authentication.kubernetes.io/pod-uid"))
        .containsExactly(CoreObjects.uid(pod));
    fixture.delete("pods", "default", "p");
    assertThat(fixture.access.authenticate(token)).isEmpty();
  }

  @Test
  void aPodsTokenOfAnHourLastsAYear() {
    fixture.create(POD);
    JsonNode answer =
        fixture.requestToken(
            "default",
            "a",
            "{expirationSeconds:3607,boundObjectRef:{apiVersion:'v1',kind:'Pod',name:'p'}}");
    assertThat(answer.path("status").path("expirationTimestamp").asText())
        .isEqualTo("2026-01-01T01:00:07Z");
    fixture.pass(Duration.ofDays(364));
    assertThat(fixture.access.authenticate(answer.path("status").path("token").asText()))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{expirationSeconds:599}|422|TokenRequest.authentication.k8s.io \"\" is invalid:"
            + " spec.expirationSeconds: Invalid value: 599: may not specify a duration less than"
            + " 10 minutes",
        "{boundObjectRef:{apiVersion:'v1',kind:'Pod',name:'none'}}|404|pods \"none\" not found",
        "{boundObjectRef:{apiVersion:'v1',kind:'Service',name:'s'}}|400|cannot bind token to object"
            + " of type v1, Kind=Service",
        "{boundObjectRef:{apiVersion:'v1',kind:'Pod',name:'p',uid:'other'}}|409|Operation cannot be"
            + " fulfilled on Pod \"p\": the UID in the bound object reference (other) does not match"
            + " the UID in record. The object might have been deleted and then recreated",
      })
  void refusesRequestsThatMakeNoSense(String spec, int code, String message) {
    fixture.create(POD);
    StatusException refusal =
        catchThrowableOfType(
            StatusException.class, () -> fixture.requestToken("default", "a", spec));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.status().path("message").asText()).isEqualTo(message);
  }

  @Test
  void aTokenHoldsForItsAudiencesOnly() {
    String token = fixture.token("default", "a", "{audiences:['vault','x']}");
    assertThat(fixture.access.authenticate(token)).isEmpty();
    JsonNode accepted = fixture.review(token, "['vault']");
    assertThat(accepted.path("authenticated").asBoolean()).isTrue();
    assertThat(accepted.path("audiences").toString()).isEqualTo("[\"vault\"]");
    assertThat(fixture.review(token, "['other']").path("error").asText())
        .isEqualTo(
            "[invalid bearer token, token audiences [\"vault\" \"x\"] is invalid for the target"
                + " audiences [\"other\"]]");
  }

  @Test
  void aLegacyTokenHoldsWhileItsSecretDoesAndItsUseIsNoted() {
    String token = legacyToken();
    createSecret(token, "");
    assertThat(fixture.access.authenticate(token).map(UserInfo::name))
        .contains("system:serviceaccount:default:a");
    assertThat(
            fixture
                .read("secrets", "default", "s")
                .path("metadata")
                .path("labels")
                .path("kubernetes.io/legacy-token-last-used")
                .asText())
        .isEqualTo("2026-01-01");
    fixture.delete("secrets", "default", "s");
    assertThat(fixture.access.authenticate(token)).isEmpty();
  }

  @Test
  void aLegacyTokenMarkedInvalidIsRefusedWithTheReason() {
    String token = legacyToken();
    createSecret(token, "labels:{'kubernetes.io/legacy-token-invalid-since':'2025-12-31'},");
    assertThat(fixture.access.authenticate(token)).isEmpty();
    assertThat(fixture.review(token, "[]").path("error").asText())
        .contains("the token in secret default/s for service account has been marked invalid");
  }

  private String legacyToken() {
    ObjectNode claims =
        Fixture.json(
            "{iss:'kubernetes/serviceaccount',sub:'system:serviceaccount:default:a',"
                + "'kubernetes.io/serviceaccount/namespace':'default',"
                + "'kubernetes.io/serviceaccount/secret.name':'s',"
                + "'kubernetes.io/serviceaccount/service-account.name':'a'}");
    claims.put("kubernetes.io/serviceaccount/service-account.uid", CoreObjects.uid(account));
    return new Jwt(fixture.keys).sign(claims);
  }

  private void createSecret(String token, String labels) {
    fixture.create(
        "{apiVersion:'v1',kind:'Secret',type:'kubernetes.io/service-account-token',metadata:{"
            + labels
            + "name:'s',namespace:'default',annotations:{'kubernetes.io/service-account.name':"
            + "'a'}},data:{token:'"
            + base64(token)
            + "'}}");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "token-secret, 0123456789abcdef, true",
    "token-secret, 0123456789abcdee, false",
    "token-id, aaaaaa, false",
    "usage-bootstrap-authentication, false, false",
    "expiration, 2026-01-01T00:00:01Z, true",
    "expiration, 2026-01-01T01:00:01+01:00, true",
    "expiration, 2026-01-01T00:00:00Z, false",
    "expiration, soon, false",
    "auth-extra-groups, system:bootstrappers:x, true",
    "auth-extra-groups, admins, false",
  })
  void aBootstrapTokenHoldsWhileItsSecretSaysSo(String key, String value, boolean holds) {
    createBootstrapSecret(key, value);
    Optional<UserInfo> user = fixture.access.authenticate("abcdef.0123456789abcdef");
    assertThat(user.isPresent()).isEqualTo(holds);
    user.ifPresent(
        found -> {
          assertThat(found.name()).isEqualTo("system:bootstrap:abcdef");
          assertThat(found.groups()).contains("system:bootstrappers", "system:authenticated");
        });
  }

  private void createBootstrapSecret(String key, String value) {
    ObjectNode secret =
        Fixture.json(
            "{apiVersion:'v1',kind:'Secret',type:'bootstrap.kubernetes.io/token',metadata:{"
                + "name:'bootstrap-token-abcdef',namespace:'kube-system'},stringData:{"
                + "'token-id':'abcdef','token-secret':'0123456789abcdef',"
                + "'usage-bootstrap-authentication':'true'}}");
    ((ObjectNode) secret.path("stringData")).put(key, value);
    fixture.server.ensure(secret);
  }

  @Test
  void aTokenThatWasChangedAnywhereIsRefused() {
    String token = fixture.token("default", "a", "{}");
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      StringBuilder changed = new StringBuilder(token);
      int at = random.nextInt(token.length() - 1);
      char other = "ABCabc019._-~ \u00e9".charAt(random.nextInt(15));
      changed.setCharAt(at, other);
      boolean same = token.charAt(at) == other;
      assertThat(fixture.access.authenticate(changed.toString()).isPresent())
          .as("seed %d, character %d becomes %s", seed, at, other)
          .isEqualTo(same);
    }
  }

  @Test
  void aReviewOfNothingIsRefused() {
    StatusException refusal =
        catchThrowableOfType(StatusException.class, () -> fixture.review("", "[]"));
    assertThat(refusal.status().path("message").asText())
        .isEqualTo("token is required for TokenReview in authentication");
  }
}
