/**
 * What several controllers know of Secrets with tokens of ServiceAccounts.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.accounttokens.TokenSecrets}. Nothing here
 * decides.
 */
@NullMarked
package dev.kcm.controllers.shared.accounttokens;

import org.jspecify.annotations.NullMarked;
