package dev.kcm.controllers.auth.serviceaccounttoken;

import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.account;
import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.filled;
import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.secret;
import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.text;
import static dev.kcm.controllers.auth.serviceaccounttoken.TokenWorld.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTokenReconcilerTest {

  private static final String GET_ACCOUNT = "fetch serviceaccounts shop/till";
  private static final String GET_SECRET = "fetch secrets shop/s";
  private static final String PUT_SECRET = "update secrets shop/s";
  private static final String DELETE_SECRET = "delete secrets shop/s";
  private static final String PUT_ACCOUNT = "update serviceaccounts shop/till";

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());

  @Test
  @DisplayName("Secret added, account absent in cache and live: GET account and delete")
  void deletesASecretWhoseAccountIsGone() {
    cluster.put(secret("s"));
    Rehearsal run = run(live(), null);
    assertThat(calls(run)).containsExactly(GET_ACCOUNT, DELETE_SECRET);
    assertThat(run.tried(Action.Delete.class))
        .allSatisfy(deletion -> assertThat(deletion.uid()).isEqualTo("uid-of-s"));
  }

  @Test
  void anAccountThatOnlyTheServerKnowsIsOneToo() {
    cluster.put(secret("s"));
    cluster.put(account("till"));
    assertThat(calls(run(live(), null))).containsExactly(GET_ACCOUNT, GET_SECRET, PUT_SECRET);
  }

  @Test
  void anAccountOfAnotherUidIsNone() {
    cluster.put(secret("s"));
    ServiceAccount other = account("till");
    other.getMetadata().setUid("another");
    cluster.put(other);
    assertThat(calls(run(live(), null))).containsExactly(GET_ACCOUNT, DELETE_SECRET);
  }

  @Test
  @DisplayName("Lookup error: retry, and nothing is deleted")
  void doesNotDeleteWhatItDoesNotKnow() {
    cluster.put(secret("s"));
    ApiError error = ApiError.of(Kind.SERVER_ERROR, 500, "not now");
    Rehearsal run =
        rehearse(live(), null, FaultyServer.before(cluster).reject(Action.Fetch.class, error));
    assertThat(calls(run)).containsExactly(GET_ACCOUNT);
    assertThat(run.verdict()).isEqualTo(Verdict.retry(error));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFLICT", "SERVER_ERROR"})
  void aDeletionThatFailsIsTriedAgain(Kind kind) {
    cluster.put(secret("s"));
    ApiError error = ApiError.of(kind, 0, "no");
    Rehearsal run =
        rehearse(live(), null, FaultyServer.before(cluster).reject(Action.Delete.class, error));
    assertThat(run.verdict()).isEqualTo(Verdict.retry(error));
  }

  @Test
  @DisplayName("Account present and Secret complete: nothing")
  void leavesACompleteSecretAlone() {
    cluster.put(filled(secret("s")));
    assertThat(calls(run(live(), account("till")))).isEmpty();
  }

  @Test
  @DisplayName("Annotations alone are never repaired")
  void aMissingUidIsNoReasonToWrite() {
    Secret secret = filled(secret("s"));
    secret.getMetadata().getAnnotations().remove(TokenSecrets.ACCOUNT_UID);
    cluster.put(secret);
    assertThat(calls(run(live(), account("till")))).isEmpty();
  }

  static Stream<Arguments> incomplete() {
    return Stream.of(
        Arguments.of("no data", secret("s")),
        Arguments.of("no token", filled(secret("s"), "token")),
        Arguments.of("no ca.crt", filled(secret("s"), "ca.crt")),
        Arguments.of("another ca.crt", with(filled(secret("s")), "ca.crt", "mismatched")),
        Arguments.of("no namespace", filled(secret("s"), "namespace")));
  }

  @ParameterizedTest(name = "{0}: GET Secret and PUT")
  @MethodSource("incomplete")
  void fillsWhatIsMissing(String what, Secret secret) {
    cluster.put(secret);
    Rehearsal run = run(live(), account("till"));
    assertThat(calls(run)).as(what).containsExactly(GET_SECRET, PUT_SECRET);
    Secret full = live();
    assertThat(text(full, "ca.crt")).isEqualTo(TokenWorld.CERTIFICATES);
    assertThat(text(full, "namespace")).isEqualTo("shop");
    assertThat(text(full, "token")).isNotEmpty();
    assertThat(full.getMetadata().getAnnotations())
        .containsEntry("kubernetes.io/service-account.name", "till")
        .containsEntry("kubernetes.io/service-account.uid", "uid-of-till");
    assertThat(calls(run(live(), account("till")))).as("settled").isEmpty();
  }

  @Test
  @DisplayName("Custom namespace data: untouched, while the rest is filled")
  void keepsACustomNamespace() {
    cluster.put(with(filled(secret("s"), "token"), "namespace", "custom"));
    run(live(), account("till"));
    assertThat(text(live(), "namespace")).isEqualTo("custom");
  }

  @Test
  void aTokenIsNeverReplaced() {
    cluster.put(with(filled(secret("s")), "ca.crt", "older"));
    run(live(), account("till"));
    assertThat(text(live(), "token")).isEqualTo("a token");
    assertThat(text(live(), "ca.crt")).isEqualTo(TokenWorld.CERTIFICATES);
  }

  @Test
  void withoutCertificatesThoseInTheSecretStay() {
    cluster.put(with(filled(secret("s"), "token"), "ca.crt", "their own"));
    Rehearsal.of(
        new ServiceAccountTokenReconciler()
            .decide(
                new ServiceAccountTokenSnapshot(
                    TokenKey.of(secret("s")).orElseThrow(),
                    live(),
                    account("till"),
                    TokenWorld.SIGNER,
                    ""),
                now()),
        cluster);
    assertThat(text(live(), "ca.crt")).isEqualTo("their own");
    assertThat(text(live(), "token")).isNotEmpty();
  }

  @Test
  @DisplayName("The live Secret has another version: skipped, its event will come")
  void doesNotFillWhatChangedMeanwhile() {
    cluster.put(secret("s"));
    Secret seen = live();
    cluster.put(with(live(), "x", "y"));
    Rehearsal run = run(seen, account("till"));
    assertThat(calls(run)).containsExactly(GET_SECRET);
    assertThat(run.verdict()).isEqualTo(Verdict.DONE);
  }

  @Test
  @DisplayName("The live Secret is gone: dropped; cannot be read: retry")
  void aSecretThatCannotBeReadIsTriedAgainUnlessItIsGone() {
    Rehearsal gone = run(secret("s"), account("till"));
    assertThat(gone.verdict()).isEqualTo(Verdict.DONE);
    ApiError error = ApiError.of(Kind.SERVER_ERROR, 500, "not now");
    Rehearsal unknown =
        rehearse(
            secret("s"),
            account("till"),
            FaultyServer.before(cluster).reject(Action.Fetch.class, error));
    assertThat(unknown.verdict()).isEqualTo(Verdict.retry(error));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFLICT", "NOT_FOUND", "SERVER_ERROR"})
  @DisplayName("PUT Secret: 404 is ok, others are tried again, from what the cache has then")
  void aWriteThatFailsIsTriedAgainUnlessTheSecretIsGone(Kind kind) {
    cluster.put(secret("s"));
    ApiError error = ApiError.of(kind, 0, "no");
    Rehearsal run =
        rehearse(
            live(),
            account("till"),
            FaultyServer.before(cluster).reject(Action.Update.class, error));
    assertThat(run.verdict())
        .isEqualTo(kind == Kind.NOT_FOUND ? Verdict.DONE : Verdict.retry(error));
  }

  @Test
  void aSecretThatIsBeingDeletedIsLeftAlone() {
    Secret going =
        new SecretBuilder(secret("s"))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    assertThat(calls(run(going, account("till")))).isEmpty();
    assertThat(calls(run(going, null))).isEmpty();
  }

  @Test
  @DisplayName("Secret deleted, account absent: nothing")
  void aSecretThatIsGoneWithItsAccountNeedsNothing() {
    assertThat(calls(run(null, null))).isEmpty();
  }

  @Test
  @DisplayName("Secret deleted, account with the reference: GET and PUT account")
  void takesTheNameOfASecretThatIsGoneOutOfItsAccount() {
    cluster.put(account("till", "a", "s", "b"));
    assertThat(calls(run(null, account("till", "a", "s", "b"))))
        .containsExactly(GET_ACCOUNT, PUT_ACCOUNT);
    assertThat(cluster.list(ServiceAccount.class).get(0).getSecrets())
        .extracting(ObjectReference::getName)
        .containsExactly("a", "b");
  }

  @Test
  @DisplayName("Secret deleted, account without the reference: GET account only")
  void anAccountThatDoesNotNameTheSecretStaysAsItIs() {
    cluster.put(account("till", "a"));
    assertThat(calls(run(null, account("till", "s")))).containsExactly(GET_ACCOUNT);
  }

  @Test
  void anAccountThatIsAnotherByNowStaysAsItIs() {
    ServiceAccount other =
        new ServiceAccountBuilder(account("till", "s"))
            .editMetadata()
            .withUid("x")
            .endMetadata()
            .build();
    cluster.put(other);
    assertThat(calls(run(null, account("till", "s")))).containsExactly(GET_ACCOUNT);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFLICT", "NOT_FOUND"})
  @DisplayName("PUT account: a conflict is tried again, from a live GET; 404 is ok")
  void aConflictOfTheAccountIsTriedAgain(Kind kind) {
    cluster.put(account("till", "s"));
    ApiError error = ApiError.of(kind, 0, "no");
    Rehearsal run =
        rehearse(
            null,
            account("till", "s"),
            FaultyServer.before(cluster).reject(Action.Update.class, error));
    assertThat(run.verdict())
        .isEqualTo(kind == Kind.CONFLICT ? Verdict.retry(error) : Verdict.DONE);
  }

  @Test
  @DisplayName("Token: header, claims and signature")
  void theTokenSaysWhoseItIs() throws IOException, GeneralSecurityException {
    cluster.put(secret("s"));
    run(live(), account("till"));
    String[] parts = text(live(), "token").split("\\.", -1);
    assertThat(decoded(parts[0]))
        .isEqualTo("{\"alg\":\"RS256\",\"kid\":\"" + TokenWorld.SIGNER.id() + "\"}");
    assertThat(new ObjectMapper().readValue(decoded(parts[1]), Object.class))
        .isEqualTo(
            Map.of(
                "iss", "kubernetes/serviceaccount",
                "sub", "system:serviceaccount:shop:till",
                "kubernetes.io/serviceaccount/namespace", "shop",
                "kubernetes.io/serviceaccount/secret.name", "s",
                "kubernetes.io/serviceaccount/service-account.name", "till",
                "kubernetes.io/serviceaccount/service-account.uid", "uid-of-till"));
    Signature check = Signature.getInstance("SHA256withRSA");
    check.initVerify(TestPki.signingKeys().getPublic());
    check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(check.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "uid-of-till"})
  void aKeySurvivesTheQueue(String accountUid) {
    TokenKey key = new TokenKey("shop", "s.1", "u", "till", accountUid);
    assertThat(TokenKey.from(key.queued())).isEqualTo(key);
  }

  private Secret live() {
    return cluster.list(Secret.class).get(0);
  }

  private Rehearsal run(Secret secret, ServiceAccount account) {
    return rehearse(secret, account, cluster);
  }

  private Rehearsal rehearse(Secret secret, ServiceAccount account, Responder server) {
    TokenKey key = TokenKey.of(secret("s")).orElseThrow();
    return Rehearsal.of(
        new ServiceAccountTokenReconciler()
            .decide(
                new ServiceAccountTokenSnapshot(
                    key, secret, account, TokenWorld.SIGNER, TokenWorld.CERTIFICATES),
                now()),
        server);
  }

  private Instant now() {
    return cluster.environment().wallClock().now();
  }

  private static List<String> calls(Rehearsal run) {
    return run.actions().stream().map(PlanText::subject).toList();
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
