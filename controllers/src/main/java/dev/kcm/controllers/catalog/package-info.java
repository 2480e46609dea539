/**
 * All controllers under their upstream names. Start from {@link
 * dev.kcm.controllers.catalog.Catalog}.
 *
 * <p>Making a catalog wires nothing; a controller is wired when the manager selects it.
 */
@NullMarked
package dev.kcm.controllers.catalog;

import org.jspecify.annotations.NullMarked;
