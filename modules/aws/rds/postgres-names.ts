import { z } from "zod";

/** Reserved words of PostgreSQL. Source: PostgreSQL 17 manual, appendix C, "reserved" with and without exceptions. */
const RESERVED_WORDS = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);

/** Databases that exist on every RDS instance for PostgreSQL. */
const RDS_DATABASES = ["postgres", "template0", "template1", "rdsadmin"];

/**
 * Users that RDS or PostgreSQL reserves. Sources: RDS answers `admin` and `rdsadmin` with "reserved word used by the
 * engine"; RDS User Guide, "Understanding PostgreSQL roles and permissions"; PostgreSQL manual, CREATE ROLE.
 */
const RESERVED_USERS =
  /^(admin|public|none|rdsadmin|rdsrepladmin|rdsproxyadmin|rdstopmgr|rdswriteforwarduser|(pg|rds)_.*)$/;

/**
 * Name of 1 to 63 letters, digits and underscores, a letter first (RDS API reference, CreateDBInstance). Lower case
 * only: PostgreSQL folds unquoted names to lower case and would not find a name with capitals.
 */
const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "must be lower-case letters, digits and underscores, a letter first")
  .max(63)
  .refine((name) => !RESERVED_WORDS.has(name), "must not be a word that PostgreSQL reserves");

/** Name of a database that RDS can create. */
export const databaseNameSchema = nameSchema.refine(
  (name) => !RDS_DATABASES.includes(name) && !/^pg_/.test(name),
  `must not be ${RDS_DATABASES.join(", ")}, which RDS creates itself, nor begin with pg_`,
);

/** Name of a master user that RDS can create. */
export const usernameSchema = nameSchema.refine(
  (name) => !RESERVED_USERS.test(name),
  "must not be admin, public, none, rdsadmin or another user of RDS, nor begin with pg_ or rds_",
);
