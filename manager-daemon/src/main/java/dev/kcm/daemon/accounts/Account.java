package dev.kcm.daemon.accounts;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One service account, as the API server knows it.
 *
 * <p>Immutable.
 */
final class Account {

  private static final ResourceType<ServiceAccount> ACCOUNTS =
      ResourceType.of(ServiceAccount.class);

  private static final ResourceType<Namespace> NAMESPACES = ResourceType.of(Namespace.class);

  private final ObjectKey key;
  private final ApiClient issuer;
  private final Executor executor;
  private final ResourceType<TokenRequest> tokens;

  Account(String name, ApiClient issuer, Environment environment) {
    this.key = new ObjectKey(ServiceAccounts.NAMESPACE, name);
    this.issuer = issuer;
    this.executor = environment.executor("account");
    this.tokens =
        new ResourceType<>(
            TokenRequest.class,
            "",
            "v1",
            "TokenRequest",
            "serviceaccounts/" + name + "/token",
            true);
  }

  ObjectKey key() {
    return key;
  }

  /** Makes sure that it exists, and its namespace. */
  CompletableFuture<Void> ensure() {
    return issuer
        .get(ACCOUNTS, key)
        .<Void>thenApply(found -> null)
        .exceptionallyComposeAsync(
            failure -> is(Kind.NOT_FOUND, failure) ? create() : failed(failure), executor);
  }

  private CompletableFuture<Void> create() {
    ServiceAccount account =
        new ServiceAccountBuilder()
            .withMetadata(
                new ObjectMetaBuilder().withNamespace(key.namespace()).withName(key.name()).build())
            .build();
    return ensureNamespace()
        .thenComposeAsync(any -> issuer.create(ACCOUNTS, account), executor)
        .<Void>thenApply(created -> null)
        .exceptionallyComposeAsync(
            failure ->
                is(Kind.ALREADY_EXISTS, failure)
                    ? CompletableFuture.completedFuture(null)
                    : failed(failure),
            executor);
  }

  /** Tells nothing: a namespace that cannot be made shows when the account is created. */
  private CompletableFuture<Void> ensureNamespace() {
    Namespace namespace =
        new NamespaceBuilder().withNewMetadata().withName(key.namespace()).endMetadata().build();
    CompletableFuture<? extends HasMetadata> there =
        issuer
            .get(NAMESPACES, new ObjectKey("", key.namespace()))
            .exceptionallyComposeAsync(
                failure ->
                    is(Kind.NOT_FOUND, failure)
                        ? issuer.create(NAMESPACES, namespace)
                        : failed(failure),
                executor);
    return there.handle((result, failure) -> null);
  }

  /** Asks for a token for the API server itself. */
  CompletableFuture<TokenRequest> requestToken(Duration lifetime) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withMetadata(
                new ObjectMetaBuilder().withNamespace(key.namespace()).withName(key.name()).build())
            .withNewSpec()
            .withExpirationSeconds(lifetime.toSeconds())
            .endSpec()
            .build();
    return issuer.create(tokens, request);
  }

  private static boolean is(Kind kind, Throwable failure) {
    return ApiException.errorOf(failure).kind() == kind;
  }

  private static <T> CompletableFuture<T> failed(Throwable failure) {
    return CompletableFuture.failedFuture(failure);
  }
}
