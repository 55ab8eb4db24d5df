"""The eleven structures of the package: what each is, and its fields in order with their types."""

from typing import Final

# One run a line: the type, then the names of consecutive fields that have it.
FIELDS: Final = {
    "AccountInfo": (
        "This is a structure for storing account information",
        """
        int login trade_mode leverage limit_orders margin_so_mode
        bool trade_allowed trade_expert
        int margin_mode currency_digits
        bool fifo_close
        float balance credit profit equity margin margin_free margin_level margin_so_call margin_so_so margin_initial
        float margin_maintenance assets liabilities commission_blocked
        str name server currency company
        """,
    ),
    "TerminalInfo": (
        "This is a structure for storing terminal information",
        """
        bool community_account community_connection connected dlls_allowed trade_allowed tradeapi_disabled email_enabled
        bool ftp_enabled notifications_enabled mqid
        int build maxbars codepage ping_last
        float community_balance retransmission
        str company name language path data_path commondata_path
        """,
    ),
    "SymbolInfo": (
        "This is a structure for storing symbol information",
        """
        bool custom
        int chart_mode
        bool select visible
        int session_deals session_buy_orders session_sell_orders volume volumehigh volumelow time digits spread
        bool spread_float
        int ticks_bookdepth trade_calc_mode trade_mode start_time expiration_time trade_stops_level trade_freeze_level
        int trade_exemode swap_mode swap_rollover3days
        bool margin_hedged_use_leg
        int expiration_mode filling_mode order_mode order_gtc_mode option_mode option_right
        float bid bidhigh bidlow ask askhigh asklow last lasthigh lastlow volume_real volumehigh_real volumelow_real
        float option_strike point trade_tick_value trade_tick_value_profit trade_tick_value_loss trade_tick_size
        float trade_contract_size trade_accrued_interest trade_face_value trade_liquidity_rate volume_min volume_max
        float volume_step volume_limit swap_long swap_short margin_initial margin_maintenance session_volume
        float session_turnover session_interest session_buy_orders_volume session_sell_orders_volume session_open
        float session_close session_aw session_price_settlement session_price_limit_min session_price_limit_max
        float margin_hedged price_change price_volatility price_theoretical price_greeks_delta price_greeks_theta
        float price_greeks_gamma price_greeks_vega price_greeks_rho price_greeks_omega price_sensitivity
        str basis category currency_base currency_profit currency_margin bank description exchange formula isin name
        str page path
        """,
    ),
    "Tick": (
        "This is a structure for storing latest symbol prices",
        """
        int time
        float bid ask last
        int volume time_msc flags
        float volume_real
        """,
    ),
    "TradePosition": (
        "Trade position structure",
        """
        int ticket time time_msc time_update time_update_msc type magic identifier reason
        float volume price_open sl tp price_current swap profit
        str symbol comment external_id
        """,
    ),
    "TradeOrder": (
        "Trade order structure",
        """
        int ticket time_setup time_setup_msc time_done time_done_msc time_expiration type type_time type_filling state
        int magic position_id position_by_id reason
        float volume_initial volume_current price_open sl tp price_current price_stoplimit
        str symbol comment external_id
        """,
    ),
    "TradeDeal": (
        "Trade deal structure",
        """
        int ticket order time time_msc type entry magic position_id reason
        float volume price commission swap profit fee
        str symbol comment external_id
        """,
    ),
    "TradeRequest": (
        "Trade request structure",
        """
        int action magic order
        str symbol
        float volume price stoplimit sl tp
        int deviation type type_filling type_time expiration
        str comment
        int position position_by
        """,
    ),
    "OrderSendResult": (
        "order_send result structure",
        """
        int retcode deal order
        float volume price bid ask
        str comment
        int request_id retcode_external
        TradeRequest request
        """,
    ),
    "OrderCheckResult": (
        "order_check result structure",
        """
        int retcode
        float balance equity profit margin margin_free margin_level
        str comment
        TradeRequest request
        """,
    ),
    "BookInfo": (
        "This is a structure for storing Depth of Market information",
        """
        int type
        float price
        int volume
        float volume_dbl
        """,
    ),
}
