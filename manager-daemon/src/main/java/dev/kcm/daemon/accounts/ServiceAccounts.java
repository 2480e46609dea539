package dev.kcm.daemon.accounts;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.time.Environment;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes clients that act as service accounts of {@code kube-system}.
 *
 * <p>An account that is missing is created when its client is made. Tokens are valid for an hour
 * and renewed when four fifths of it are over.
 *
 * <p>Immutable.
 */
public final class ServiceAccounts {

  /** Where the accounts are. */
  public static final String NAMESPACE = "kube-system";

  private final ApiClient issuer;
  private final Environment environment;
  private final Consumer<String> refused;

  private ServiceAccounts(ApiClient issuer, Environment environment, Consumer<String> refused) {
    this.issuer = issuer;
    this.environment = environment;
    this.refused = refused;
  }

  /**
   * Accounts that are made, and tokens that are fetched, by way of a client.
   *
   * @param issuer may read and create service accounts and ask for their tokens; not closed by this
   * @param refused told, on a thread of the environment, that the server does not let the issuer
   *     read or create an account: no retry helps then
   */
  public static ServiceAccounts of(
      ApiClient issuer, Environment environment, Consumer<String> refused) {
    return new ServiceAccounts(issuer, environment, refused);
  }

  /**
   * The User-Agent ends in this for the client of an account, and audit logs show it as the user.
   *
   * @param account name of the account
   */
  public static String userName(String account) {
    return "system:serviceaccount:" + NAMESPACE + ":" + account;
  }

  /**
   * A client that acts as an account. Returns at once; the account and its first token are asked
   * for in the background, and requests wait for them.
   *
   * @param account name of the account
   * @param bearer makes the client proper, which sends the token it is given at the time of each
   *     request and has no other credentials; closed with the result
   */
  public ApiClient client(String account, Function<Supplier<String>, ApiClient> bearer) {
    AccountToken token =
        new AccountToken(new Account(account, issuer, environment), environment, refused);
    ApiClient client =
        new AccountClient(bearer.apply(token::text), token, environment.executor("account"));
    token.prepare();
    return client;
  }
}
