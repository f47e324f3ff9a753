-- Teams own services; people are in teams.
CREATE TABLE team (
    name text PRIMARY KEY,
    title text NOT NULL,
    created_ns bigint NOT NULL
);

CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- What one signs in with, in lower case.
    name text NOT NULL UNIQUE,
    display_name text NOT NULL,
    email text NOT NULL,
    role smallint NOT NULL, -- 0 viewer, 1 engineer, 2 manager, 3 admin
    password_hash text, -- argon2id, as a PHC string; without one there is no sign-in by password
    oidc_issuer text,
    oidc_subject text,
    disabled boolean NOT NULL DEFAULT false,
    created_ns bigint NOT NULL,
    last_seen_ns bigint,
    UNIQUE (oidc_issuer, oidc_subject)
);

CREATE TABLE membership (
    team text NOT NULL REFERENCES team ON DELETE CASCADE,
    person bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    from_oidc boolean NOT NULL, -- comes and goes with the groups of the identity provider
    PRIMARY KEY (team, person)
);
CREATE INDEX membership_person ON membership (person);

-- What people say of a service. One that only sent telemetry has no row.
CREATE TABLE service_record (
    service text PRIMARY KEY,
    team text REFERENCES team ON DELETE SET NULL,
    description text NOT NULL DEFAULT '',
    runbook text NOT NULL DEFAULT '',
    repository text NOT NULL DEFAULT ''
);
CREATE INDEX service_record_team ON service_record (team);

-- Secrets are kept as SHA-256 of 256 random bits.
CREATE TABLE session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE,
    person bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    created_ns bigint NOT NULL,
    last_seen_ns bigint NOT NULL,
    expires_ns bigint NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    -- For the sign-out at the identity provider; null for a local sign-in.
    id_token text
);
CREATE INDEX session_person ON session (person);

CREATE TABLE api_token (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE,
    name text NOT NULL,
    owner bigint REFERENCES person ON DELETE CASCADE, -- null: made on the command line
    scopes text[] NOT NULL,
    services text[], -- null: all
    created_ns bigint NOT NULL,
    expires_ns bigint NOT NULL,
    last_used_ns bigint
);
CREATE INDEX api_token_owner ON api_token (owner);

-- Set-up links that can make the first admin.
CREATE TABLE setup_link (
    secret_hash bytea PRIMARY KEY,
    expires_ns bigint NOT NULL
);

-- Sign-ins on the way to the identity provider and back.
CREATE TABLE oidc_flow (
    state_hash bytea PRIMARY KEY,
    nonce text NOT NULL,
    pkce_verifier text NOT NULL,
    next text NOT NULL,
    expires_ns bigint NOT NULL
);

-- Failed sign-ins, by account and by address, counted in windows.
CREATE TABLE sign_in_failure (
    subject_hash bytea NOT NULL,
    window_ns bigint NOT NULL,
    failures integer NOT NULL,
    PRIMARY KEY (subject_hash, window_ns)
);

-- Who did what. Only ever added to.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ns bigint NOT NULL,
    actor_kind text NOT NULL, -- person, token, operator, anonymous, system
    actor text NOT NULL,
    via text NOT NULL, -- console, api, ingest, command_line, oidc
    address text NOT NULL,
    action text NOT NULL,
    service text, -- null where it is about no service
    target text NOT NULL,
    outcome text NOT NULL, -- done, refused
    reason text NOT NULL,
    detail text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_service ON audit (service, id) WHERE service IS NOT NULL;
CREATE INDEX audit_actor ON audit (actor, id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only ever added to';
END;
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
