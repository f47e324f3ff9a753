-- The shop's tables. Each start of the demo begins with full shelves and no orders.
CREATE TABLE IF NOT EXISTS product (
    id integer PRIMARY KEY,
    name text NOT NULL,
    category text NOT NULL,
    price_cents bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS cart_item (
    customer text NOT NULL,
    product integer NOT NULL REFERENCES product,
    quantity integer NOT NULL,
    PRIMARY KEY (customer, product)
);
CREATE TABLE IF NOT EXISTS customer_order (
    id text PRIMARY KEY,
    customer text NOT NULL,
    total_cents bigint NOT NULL,
    state text NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS payment (
    order_id text PRIMARY KEY,
    amount_cents bigint NOT NULL,
    approved boolean NOT NULL,
    reference text NOT NULL
);
CREATE TABLE IF NOT EXISTS shipment (
    order_id text PRIMARY KEY,
    carrier text NOT NULL,
    parcels integer NOT NULL
);
CREATE TABLE IF NOT EXISTS notification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id text NOT NULL,
    channel text NOT NULL
);
-- The queue: one row a message, taken with SKIP LOCKED. `context` is the sender's trace context.
CREATE TABLE IF NOT EXISTS queue_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    destination text NOT NULL,
    context text NOT NULL,
    body text NOT NULL
);
TRUNCATE cart_item, customer_order, payment, shipment, notification, queue_message;
INSERT INTO product (id, name, category, price_cents) VALUES
    (1, 'Signal lamp', 'lamps', 4900),
    (2, 'Pocket watch', 'watches', 12900),
    (3, 'Station clock', 'watches', 34900),
    (4, 'Conductor''s whistle', 'tools', 1900),
    (5, 'Enamel mug', 'kitchen', 1490),
    (6, 'Route map 1927', 'paper', 2490),
    (7, 'Ticket punch', 'tools', 3900),
    (8, 'Wool cap', 'clothing', 2990),
    (9, 'Leather satchel', 'clothing', 18900),
    (10, 'Timetable notebook', 'paper', 990),
    (11, 'Brass bell', 'tools', 7900),
    (12, 'Dining car teapot', 'kitchen', 5900)
ON CONFLICT (id) DO NOTHING;
